package io.ketju.examples.smallkernels;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.examples.lesson.Example;
import io.ketju.examples.lesson.Fit;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.Traffic;
import io.ketju.examples.lesson.Work;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.model.zoo.Models;
import io.ketju.layers.optimizer.Adam;
import io.ketju.plot.Chart;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Example 13. */
public final class SmallKernels implements Example {
    private static final int CHANNELS = 12;
    private static final int EPOCHS = 5;

    @Override
    public String name() {
        return "small-kernels";
    }

    @Override
    public String question() {
        return "Why did kernels become small? From AlexNet to VGG: depth with 3x3 convolutions";
    }

    @Override
    public String full() {
        return "all of Fashion-MNIST";
    }

    /** Six networks over images. */
    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public void run(Lesson lesson) {
        DataSource data = lesson.data("fashion-mnist-5k", "fashion-mnist");
        published(lesson);
        lesson.print("");
        lesson.print("%-69s%10s%10s", "", "train", "test");
        lesson.print(
                "%-26s%8s%8s%12s%15s%10s%10s",
                "network for 28 x 28", "sees", "layers", "parameters", "multiply-adds", "loss", "accuracy");
        Chart chart = new Chart("Training loss", "epoch", "cross entropy");
        learn(lesson, data, chart, "one 5x5", 5, stack(5));
        learn(lesson, data, chart, "two 3x3", 5, stack(3, 3));
        learn(lesson, data, chart, "one 7x7", 7, stack(7));
        learn(lesson, data, chart, "three 3x3", 7, stack(3, 3, 3));
        learn(lesson, data, chart, "AlexNet's manner", 0, ALEX);
        learn(lesson, data, chart, "VGG's manner", 0, VGG);
        lesson.picture("losses", chart);
        lesson.print("");
        Traffic.stages(job(data, VGG)).forEach(line -> lesson.print("%s", line));
    }

    /** The networks as they were published; nothing is computed, only counted. */
    private static void published(Lesson lesson) {
        lesson.print(
                "%-26s%8s%14s%19s%18s", "as published", "layers", "parameters", "in linear layers", "multiply-adds");
        for (String name : List.of("alexnet", "vgg11", "vgg13", "vgg16", "vgg19")) {
            Model model = Models.named(name);
            long linear = model.nodes().stream()
                    .filter(node -> node.layer() instanceof Linear)
                    .flatMap(node -> node.layer().parameters().stream())
                    .mapToLong(parameter -> parameter.shape().elements())
                    .sum();
            lesson.print(
                    "%-26s%8d%14d%17.0f %%%18d",
                    name,
                    layers(model),
                    model.parameterCount(),
                    100.0 * linear / model.parameterCount(),
                    Work.multiplyAdds(model));
        }
    }

    private static long layers(Model model) {
        return model.nodes().stream()
                .filter(node -> node.layer() instanceof Conv2d || node.layer() instanceof Linear)
                .count();
    }

    // region models
    /** Convolutions over 12 channels that keep the size, between the same beginning and the same end. */
    private static Model stack(int... kernels) {
        List<String> lines = new ArrayList<>(
                List.of("Conv2d(1, " + CHANNELS + ", kernel_size=3, padding=1)", "ReLU()", "MaxPool2d(2)"));
        for (int kernel : kernels) {
            lines.add("Conv2d(" + CHANNELS + ", " + CHANNELS + ", kernel_size=" + kernel + ", padding=" + kernel / 2
                    + ")");
            lines.add("ReLU()");
        }
        lines.addAll(List.of("MaxPool2d(2)", "Flatten()", "Linear(" + CHANNELS * 7 * 7 + ", 10)"));
        return ModelText.parse(Shape.of(1, 28, 28), lines);
    }

    /** A large kernel with a stride first, overlapping poolings. */
    private static final Model ALEX = ModelText.parse(
            Shape.of(1, 28, 28),
            List.of(
                    "Conv2d(1, 24, kernel_size=7, stride=2, padding=3)",
                    "ReLU()",
                    "MaxPool2d(3, stride=2)",
                    "Conv2d(24, 48, kernel_size=5, padding=2)",
                    "ReLU()",
                    "Conv2d(48, 48, kernel_size=3, padding=1)",
                    "ReLU()",
                    "MaxPool2d(3, stride=2)",
                    "Flatten()",
                    "Linear(192, 128)",
                    "ReLU()",
                    "Linear(128, 10)"));

    /** 3x3 everywhere, as many channels more as an image gets smaller. */
    private static final Model VGG = ModelText.parse(
            Shape.of(1, 28, 28),
            List.of(
                    "Conv2d(1, 16, kernel_size=3, padding=1)",
                    "ReLU()",
                    "MaxPool2d(2)",
                    "Conv2d(16, 24, kernel_size=3, padding=1)",
                    "ReLU()",
                    "Conv2d(24, 24, kernel_size=3, padding=1)",
                    "ReLU()",
                    "MaxPool2d(2)",
                    "Conv2d(24, 48, kernel_size=3, padding=1)",
                    "ReLU()",
                    "Conv2d(48, 48, kernel_size=3, padding=1)",
                    "ReLU()",
                    "MaxPool2d(2)",
                    "Flatten()",
                    "Linear(432, 64)",
                    "ReLU()",
                    "Linear(64, 10)"));
    // end region

    // region job
    private static TrainingJob job(DataSource data, Model model) {
        return Ketju.job()
                .model(model)
                .data(data)
                .optimizer(new Adam(0.002))
                .batchSize(50)
                .microbatches(2)
                .stages(2)
                .epochs(EPOCHS)
                .checkpointEveryEpochs(EPOCHS)
                .build();
    }
    // end region

    private static void learn(Lesson lesson, DataSource data, Chart chart, String name, int sees, Model model) {
        try (Fit fit = Fit.of(job(data, model))) {
            double[] losses = fit.train("loss");
            lesson.print(
                    "%-26s%8s%8d%12d%15d%10.4f%8.1f %%",
                    name,
                    sees > 0 ? sees + " x " + sees : "",
                    layers(model),
                    model.parameterCount(),
                    Work.multiplyAdds(model),
                    losses[EPOCHS - 1],
                    100 * fit.lastTest("accuracy"));
            chart.line(name, losses);
        }
    }
}
