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
 */
final class Reach {
    private static final double RATE = 1e-6;
    private static final int NONE = -100;

    private Reach() {}

    // region job
    /** A network with the same layers, and with rows that show the gradient. */
    private static TrainingJob job(Network network, Optional<Path> weights) {
        JobBuilder job = Ketju.job()
                .model(ModelText.parse(
                        Shape.of(),
                        List.of(
                                "input input = int32[" + Network.CONTEXT + "]",
                                "embedding = Embedding(81, " + Network.EMBEDDING + ")",
                                "shown = Positions(" + Network.CONTEXT + ", " + Network.EMBEDDING + ", init=zeros())",
                                network.layer(),
                                "fc = Linear(" + Network.HIDDEN + ", 81)",
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

    /**
     * Length of the gradient by how many characters back it is, 0 for the last one: the mean over windows.
     *
     * @param weights none for those that the network begins with: they are a function of seed and name
     */
    static double[] of(Network network, Optional<Path> weights, TokenRows windows) {
        double[] lengths = new double[Network.CONTEXT];
        try (TrainingSession session = Ketju.session(job(network, weights))) {
            double[] before = new double[Network.CONTEXT * Network.EMBEDDING];
            for (int window = 0; window < windows.size(); window++) {
                session.step(lastAlone(windows, window));
                double[] after = shown(session);
                for (int back = 0; back < lengths.length; back++) {
                    int first = (Network.CONTEXT - 1 - back) * Network.EMBEDDING;
                    double squares = IntStream.range(first, first + Network.EMBEDDING)
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
    private static Map<String, TensorValues> lastAlone(TokenRows windows, int window) {
        int[] targets = windows.target(window);
        Arrays.fill(targets, 0, targets.length - 1, NONE);
        return Map.of(
                Model.INPUT, TensorValues.of(windows.input(window), 1, Network.CONTEXT),
                Model.TARGET, TensorValues.of(targets, 1, Network.CONTEXT));
    }
}
