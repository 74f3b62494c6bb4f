package io.ketju.examples.memory;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.TensorValues;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.run.TrainingSession;
import io.ketju.actors.weights.WeightMapping;
import io.ketju.examples.lesson.TokenRows;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.optimizer.SGD;
import io.ketju.tensor.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How much of the gradient of the last character's loss arrives at each character of the window. Between embedding and recurrence stands
 * a row for each position, all zeros, that is added: so it changes nothing, and its gradient is what arrives there. Only these rows
 * learn, at so small a rate that they stay nearly zero; what a step takes from them, over the rate, is the gradient.
 *
 * @param weights none for those that the network begins with: they are a function of seed and name
 */
record Reach(Size size, Network network, Optional<Path> weights) {
    private static final double RATE = 1e-6;
    private static final int NONE = -100;

    // region job
    /** A network with the same layers, and with rows that show the gradient. */
    private TrainingJob job() {
        JobBuilder job = Ketju.job()
                .model(ModelText.parse(
                        Shape.of(),
                        List.of(
                                "input input = int32[" + size.context() + "]",
                                "embedding = Embedding(81, " + size.embedding() + ")",
                                "shown = Positions(" + size.context() + ", " + size.embedding() + ", init=zeros())",
                                network.layer(size),
                                "fc = Linear(" + size.hidden() + ", 81)",
                                "head loss = CrossEntropyLoss(class_dim=-1) <- fc targets target",
                                "output fc")))
                .group("shown.weight", new SGD(RATE))
                .freeze("*")
                .batchSize(1)
                .microbatches(1)
                .stepByStep()
                .seed(1);
        weights.ifPresent(file -> job.initialWeights(file, WeightMapping.PARTIAL));
        return job.build();
    }
    // end region

    /** Length of the gradient by how many characters back it is, 0 for the last one: the mean over windows. */
    double[] lengths(TokenRows windows) {
        double[] lengths = new double[size.context()];
        try (TrainingSession session = Ketju.session(job())) {
            double[] before = new double[size.context() * size.embedding()];
            for (int window = 0; window < windows.size(); window++) {
                session.step(lastAlone(windows, window));
                double[] after = shown(session);
                for (int back = 0; back < lengths.length; back++) {
                    int first = (size.context() - 1 - back) * size.embedding();
                    double squares = IntStream.range(first, first + size.embedding())
                            .mapToDouble(i -> (before[i] - after[i]) / RATE)
                            .map(gradient -> gradient * gradient)
                            .sum();
                    lengths[back] += Math.sqrt(squares) / windows.size();
                }
                System.arraycopy(after, 0, before, 0, before.length);
            }
        }
        return lengths;
    }

    private static double[] shown(TrainingSession session) {
        try (TrainedModel model = session.model()) {
            float[] rows = model.parameter("shown.weight");
            return IntStream.range(0, rows.length).mapToDouble(i -> rows[i]).toArray();
        }
    }

    /** The loss is that of the character behind the window alone. */
    private Map<String, TensorValues> lastAlone(TokenRows windows, int window) {
        int[] targets = windows.target(window);
        Arrays.fill(targets, 0, targets.length - 1, NONE);
        return Map.of(
                Model.INPUT, TensorValues.of(windows.input(window), 1, size.context()),
                Model.TARGET, TensorValues.of(targets, 1, size.context()));
    }
}
