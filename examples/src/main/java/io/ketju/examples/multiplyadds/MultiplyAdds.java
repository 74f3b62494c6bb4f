package io.ketju.examples.multiplyadds;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.examples.lesson.Example;
import io.ketju.examples.lesson.Fit;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.Points;
import io.ketju.examples.lesson.Traffic;
import io.ketju.examples.lesson.Work;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.model.zoo.Models;
import io.ketju.layers.optimizer.Adam;
import io.ketju.plot.Chart;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Example 15. */
public final class MultiplyAdds implements Example {
    private static final int EPOCHS = 6;
    private static final double RATE = 0.005;
    /** At this one kernels die. */
    private static final double LARGE_RATE = 0.05;

    private static final String V1 = "MobileNet V1: depthwise, pointwise";
    private static final String V2 = "MobileNet V2: inverted residuals";

    private static final List<String> PUBLISHED = List.of(
            "resnet50(stem=imagenet)",
            "resnext50_32x4d(stem=imagenet)",
            "mobilenet_v1",
            "mobilenet_v2",
            "mobilenet_v3_large",
            "mobilenet_v3_small",
            "efficientnet_b0");

    @Override
    public String name() {
        return "multiply-adds";
    }

    @Override
    public String question() {
        return "How little computing is enough? ResNeXt, MobileNet, EfficientNet: accuracy against multiply-adds";
    }

    @Override
    public String full() {
        return "CIFAR-10";
    }

    /** Eight networks over images. */
    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public void run(Lesson lesson) {
        DataSource data = lesson.data("fashion-mnist-5k", "cifar10");
        published(lesson);
        lesson.print("");
        float[][] images = Points.of(data.test()).values();
        Map<String, DepthwiseKernels> kernels = new LinkedHashMap<>();
        Chart chart = new Chart("Two blocks of each kind", "multiply-adds", "test accuracy, %").logarithmicX();
        lesson.print(
                "%-40s%14s%16s%12s%10s",
                "one beginning, two blocks, one end", "parameters", "multiply-adds", "train loss", "test");
        blocks().forEach((name, lines) -> {
            Model model = DepthwiseKernels.shown(model(data, lines));
            try (Fit fit = Fit.of(job(data, model, RATE))) {
                double accuracy = 100 * fit.lastTest("accuracy");
                lesson.print(
                        "%-40s%14d%16d%12.4f%8.1f %%",
                        name,
                        model.parameterCount(),
                        Work.multiplyAdds(model),
                        fit.train("loss")[EPOCHS - 1],
                        accuracy);
                chart.points(name, new double[] {Work.multiplyAdds(model)}, new double[] {accuracy});
                kernels.put(name, DepthwiseKernels.of(fit, images));
            }
        });
        lesson.picture("blocks", chart);
        lesson.print("");
        deadKernels(lesson, data, images, kernels);
        lesson.print("");
        Traffic.stages(job(data, model(data, INVERTED), RATE)).forEach(line -> lesson.print("%s", line));
    }

    private static void published(Lesson lesson) {
        lesson.print("%-40s%14s%16s", "for images of 224 x 224, as published", "parameters", "multiply-adds");
        for (String name : PUBLISHED) {
            Model model = Models.named(name);
            lesson.print("%-40s%14d%16d", name, model.parameterCount(), Work.multiplyAdds(model));
        }
    }

    /** Of V1 and V2, trained with the rate of the job and with a larger one. */
    private static void deadKernels(
            Lesson lesson, DataSource data, float[][] images, Map<String, DepthwiseKernels> trained) {
        lesson.print("%-40s%14s%16s%12s", "depthwise kernels", "learning rate", "dead", "share");
        blocks().forEach((name, lines) -> {
            if (name.equals(V1) || name.equals(V2)) {
                print(lesson, name, RATE, Objects.requireNonNull(trained.get(name)));
                try (Fit fit = Fit.of(job(data, DepthwiseKernels.shown(model(data, lines)), LARGE_RATE))) {
                    print(lesson, name, LARGE_RATE, DepthwiseKernels.of(fit, images));
                }
            }
        });
    }

    private static void print(Lesson lesson, String name, double rate, DepthwiseKernels kernels) {
        lesson.print(
                "%-40s%14s%16s%10.1f %%",
                name, rate, kernels.dead() + " of " + kernels.count(), 100.0 * kernels.dead() / kernels.count());
    }

    // region blocks
    private static final List<String> INVERTED =
            List.of("InvertedResidual(16, 32, 2, 4)", "InvertedResidual(32, 32, 1, 4)");

    /** Each takes 16 channels of 14 x 14 to 32 of 7 x 7. */
    private static Map<String, List<String>> blocks() {
        Map<String, List<String>> blocks = new LinkedHashMap<>();
        blocks.put("ResNet: 3x3, 3x3", List.of("BasicBlock(16, 32, 2)", "BasicBlock(32, 32)"));
        blocks.put(
                "ResNet: bottlenecks",
                List.of("Bottleneck(16, 8, 2, base_width=128)", "Bottleneck(32, 8, base_width=128)"));
        blocks.put(
                "ResNeXt: bottlenecks, 8 groups",
                List.of("Bottleneck(16, 8, 2, groups=8, base_width=32)", "Bottleneck(32, 8, groups=8, base_width=32)"));
        blocks.put(V1, List.of("DepthwiseSeparable(16, 32, 2)", "DepthwiseSeparable(32, 32)"));
        blocks.put(V2, INVERTED);
        List<String> squeezed = new ArrayList<>(squeezed("first", 16, 2));
        squeezed.addAll(squeezed("second", 32, 1));
        squeezed.add("sum = Add() <- second.bn3, first.bn3");
        blocks.put("V3, EfficientNet: with squeeze", squeezed);
        return blocks;
    }

    /** An inverted residual whose channels are weighed by squeeze-and-excitation. */
    private static List<String> squeezed(String name, int in, int stride) {
        int wide = 4 * in;
        return List.of(
                name + ".conv1 = Conv2d(" + in + ", " + wide + ", kernel_size=1, bias=false)",
                name + ".bn1 = BatchNorm2d(" + wide + ")",
                name + ".act1 = Hardswish()",
                name + ".conv2 = Conv2d(" + wide + ", " + wide + ", kernel_size=3, stride=" + stride
                        + ", padding=1, groups=" + wide + ", bias=false)",
                name + ".bn2 = BatchNorm2d(" + wide + ")",
                name + ".act2 = Hardswish()",
                name + ".se = SqueezeExcitation(" + wide + ", " + wide / 4 + ", scale_activation=Hardsigmoid)",
                name + ".conv3 = Conv2d(" + wide + ", 32, kernel_size=1, bias=false)",
                name + ".bn3 = BatchNorm2d(32)");
    }
    // end region

    // region job
    private static Model model(DataSource data, List<String> blocks) {
        Shape image = data.train().inputShape();
        List<String> lines = new ArrayList<>(List.of(
                "Conv2d(" + image.dimension(0) + ", 16, kernel_size=3, stride=2, padding=1, bias=false)",
                "BatchNorm2d(16)",
                "ReLU()"));
        lines.addAll(blocks);
        lines.addAll(List.of("AdaptiveAvgPool2d(1)", "Flatten()", "Linear(32, 10)"));
        return ModelText.parse(image, lines);
    }

    private static TrainingJob job(DataSource data, Model model, double rate) {
        return Ketju.job()
                .model(model)
                .data(data)
                .optimizer(new Adam(rate))
                .batchSize(50)
                .microbatches(2)
                .stages(2)
                .epochs(EPOCHS)
                .checkpointEveryEpochs(EPOCHS)
                .build();
    }
    // end region
}
