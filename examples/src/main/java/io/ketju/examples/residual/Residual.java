package io.ketju.examples.residual;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.TensorValues;
import io.ketju.examples.lesson.Example;
import io.ketju.examples.lesson.Fit;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.Points;
import io.ketju.examples.lesson.Traffic;
import io.ketju.examples.lesson.Untrained;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.model.Node;
import io.ketju.layers.optimizer.SGD;
import io.ketju.plot.Chart;
import io.ketju.plot.SideBySide;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Example 14. */
public final class Residual implements Example {
    private static final int CHANNELS = 12;
    private static final int EPOCHS = 6;
    private static final int FULL_EPOCHS = 3;
    /** Of the images that the blocks see: larger ones become 7 x 7 before them. */
    private static final int SIDE = 8;

    private static final int SAMPLES = 200;
    private static final List<Integer> BLOCKS = List.of(3, 9, 18);

    @Override
    public String name() {
        return "residual";
    }

    @Override
    public String question() {
        return "Why do deep networks need shortcuts? With and without, at equal depth";
    }

    @Override
    public String full() {
        return "all of Fashion-MNIST";
    }

    /** Six runs, the deepest of 38 layers. */
    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public void run(Lesson lesson) {
        DataSource images = lesson.data("digits", "fashion-mnist");
        int epochs = lesson.either(EPOCHS, FULL_EPOCHS);
        Points samples = Points.of(images.test()).part(0, SAMPLES);
        lesson.print("%-12s%8s%12s%26s%22s%10s", "", "", "", "gradient's norm at first", "train loss in epoch", "test");
        lesson.print(
                "%-12s%8s%12s%14s%12s%11s%11s%10s",
                "shortcuts", "layers", "parameters", "layer 1", "last block", "1", epochs, "accuracy");
        SideBySide charts =
                new SideBySide(compare(lesson, images, samples, true), compare(lesson, images, samples, false));
        lesson.picture("losses", charts);
        lesson.print("");
        Traffic.stages(job(images, model(images, BLOCKS.getFirst(), true), epochs))
                .forEach(line -> lesson.print("%s", line));
    }

    // region model
    /** A convolution, so many blocks of two more, and a linear layer: 2 n + 2 layers with weights. */
    private static Model model(DataSource images, int blocks, boolean shortcuts) {
        Shape image = images.train().inputShape();
        String stem = image.dimension(1) > SIDE ? "kernel_size=7, stride=4, padding=3" : "kernel_size=3, padding=1";
        List<String> lines = new ArrayList<>(List.of(
                "stem = " + convolution(image.dimension(0), stem),
                "stem.bn = BatchNorm2d(" + CHANNELS + ")",
                "stem.relu = ReLU()"));
        for (int i = 1; i <= blocks; i++) {
            String block = "block" + i;
            if (shortcuts) {
                lines.add(block + " = BasicBlock(" + CHANNELS + ", " + CHANNELS + ")");
                continue;
            }
            for (int half = 1; half <= 2; half++) {
                lines.add(block + ".conv" + half + " = " + convolution(CHANNELS, "kernel_size=3, padding=1"));
                lines.add(block + ".bn" + half + " = BatchNorm2d(" + CHANNELS + ")");
                lines.add(block + ".relu" + half + " = ReLU()");
            }
        }
        lines.addAll(List.of("AdaptiveAvgPool2d(1)", "Flatten()", "Linear(" + CHANNELS + ", 10)"));
        return ModelText.parse(image, lines);
    }

    private static String convolution(int in, String window) {
        return "Conv2d(" + in + ", " + CHANNELS + ", " + window + ", bias=false)";
    }
    // end region

    // region job
    private static TrainingJob job(DataSource images, Model model, int epochs) {
        List<String> names = model.nodes().stream().map(Node::name).toList();
        long blocks = names.stream().filter(name -> name.endsWith(".conv2")).count();
        int withinBlock = names.indexOf("block" + (blocks + 1) / 2 + ".conv2");
        return Ketju.job()
                .model(model)
                .data(images)
                .optimizer(new SGD(0.02).withMomentum(0.9))
                .batchSize(48)
                .microbatches(2)
                .stageBounds(List.of(0, withinBlock, names.size()))
                .epochs(epochs)
                .checkpointEveryEpochs(epochs)
                .build();
    }
    // end region

    private static Chart compare(Lesson lesson, DataSource images, Points samples, boolean shortcuts) {
        Chart chart = new Chart((shortcuts ? "With" : "Without") + " shortcuts", "epoch", "training loss")
                .logarithmicY()
                .between(0.03, 3);
        for (int blocks : BLOCKS) {
            Model model = model(images, blocks, shortcuts);
            Untrained untrained = Untrained.of(
                    model,
                    new CrossEntropyLoss(),
                    TensorValues.of(
                            Points.flat(samples.values()),
                            images.test().inputShape().batched(SAMPLES).toArray()),
                    TensorValues.of(samples.classes(), SAMPLES),
                    1);
            int layers = 2 * blocks + 2;
            try (Fit fit = Fit.of(job(images, model, lesson.either(EPOCHS, FULL_EPOCHS)))) {
                double[] losses = fit.train("loss");
                lesson.print(
                        "%-12s%8d%12d%14.4f%12.4f%11.4f%11.4f%8.1f %%",
                        shortcuts ? "with" : "without",
                        layers,
                        model.parameterCount(),
                        untrained.norm("stem.weight"),
                        untrained.norm("block" + blocks + ".conv2.weight"),
                        losses[0],
                        losses[losses.length - 1],
                        100 * fit.lastTest("accuracy"));
                chart.line(layers + " layers", losses);
            }
        }
        return chart;
    }
}
