package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.Measured;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.run.Training;
import io.ketju.data.ArrayDataset;
import io.ketju.layers.loss.ConfusionMatrix;
import io.ketju.layers.model.zoo.MLP;
import io.ketju.layers.optimizer.SGD;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Metrics that no mean of mini-batches gives are those of all samples together, however a run cuts them. */
class WholeSetMetricsTest {
    private static final List<String> NAMES = List.of("macro_auc", "confusion", "macro_f1", "accuracy");
    private static final int CLASSES = 3;

    /** Mini-batches of two lack a class. */
    private static final ArrayDataset TEST = SmallJobs.samples("test", 29);

    @Test
    void areTheSameForEveryCutOfTheSamples() {
        Set<Measured> measured = new LinkedHashSet<>();
        for (int[] cut : new int[][] {{29, 1, 1}, {6, 4, 1}, {6, 4, 3}, {2, 1, 2}, {7, 3, 2}}) {
            TrainingJob job =
                    job().batchSize(cut[0]).microbatches(cut[1]).stages(cut[2]).build();
            try (Training training = Ketju.start(job)) {
                Measured ofRun = training.await().test();
                measured.add(withoutLoss(ofRun));
                try (TrainedModel model = training.model()) {
                    measured.add(withoutLoss(model.evaluate(TEST).metrics()));
                    compare(ofRun, model);
                }
            }
        }
        assertThat(measured).hasSize(1);
    }

    /** Pair by pair and sample by sample, from what the model gives for each. */
    private static void compare(Measured measured, TrainedModel model) {
        List<float[]> outputs = new ArrayList<>();
        ConfusionMatrix confusion = measured.table("confusion").orElseThrow();
        long[] counts = new long[CLASSES * CLASSES];
        for (int i = 0; i < TEST.size(); i++) {
            float[] scores = model.outputs(sample(i));
            outputs.add(scores);
            int told = 0;
            for (int c = 1; c < CLASSES; c++) {
                told = scores[c] > scores[told] ? c : told;
            }
            counts[target(i) * CLASSES + told]++;
        }
        assertThat(confusion.counts()).isEqualTo(Arrays.stream(counts).boxed().toList());
        assertThat(confusion.real(0)).isEqualTo(10);
        assertThat(confusion.total()).isEqualTo(TEST.size());
        double areas = 0;
        for (int c = 0; c < CLASSES; c++) {
            areas += area(c, outputs);
        }
        assertThat(measured.get("macro_auc").orElseThrow()).isCloseTo(areas / CLASSES, within(1e-14));
    }

    private static double area(int label, List<float[]> outputs) {
        double right = 0;
        double pairs = 0;
        for (int i = 0; i < outputs.size(); i++) {
            for (int j = 0; j < outputs.size(); j++) {
                if (target(i) == label && target(j) != label) {
                    double difference = probability(outputs.get(i), label) - probability(outputs.get(j), label);
                    right += difference > 0 ? 1 : difference < 0 ? 0 : 0.5;
                    pairs++;
                }
            }
        }
        return right / pairs;
    }

    private static double probability(float[] scores, int label) {
        double sum = 0;
        for (float score : scores) {
            sum += Math.exp(score);
        }
        return Math.exp(scores[label]) / sum;
    }

    private static float[] sample(int index) {
        try (TensorArena arena = new TensorArena(1 << 10)) {
            Tensor tensor = arena.allocate(Shape.of(1, 4));
            TEST.copyInput(index, tensor, 0);
            return tensor.toFloats();
        }
    }

    private static int target(int index) {
        try (TensorArena arena = new TensorArena(1 << 10)) {
            Tensor tensor = arena.allocate(TensorType.ints(1));
            TEST.copyTarget(index, tensor, 0);
            return tensor.getInt(0);
        }
    }

    /** Means are added in another order by another cut. */
    private static Measured withoutLoss(Measured measured) {
        SequencedMap<String, Double> values = new LinkedHashMap<>(measured.values());
        values.remove("loss");
        return new Measured(values, measured.tables());
    }

    /** Steps so small that no weight changes. */
    private static JobBuilder job() {
        return SmallJobs.tiny()
                .data(new DataSource("custom", SmallJobs.samples("train", 29), TEST))
                .metrics(NAMES)
                .optimizer(new SGD(1e-30))
                .epochs(1);
    }

    @Test
    void thereIsAMostThatAJobMeasures() {
        assertThatThrownBy(() -> job().model(Shape.of(4), MLP.of(4, 79)).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage(
                        "metrics: expected at most 6,144 numbers of a mini-batch of 6, found 6,715, of which confusion"
                                + " gives 6,241; measure something else, of fewer classes or of smaller batches");
        assertThatThrownBy(() -> job().model(Shape.of(4), MLP.of(4, 1000))
                        .metrics(List.of("macro_auc"))
                        .data(new DataSource("custom", SmallJobs.samples("many", 4200), TEST))
                        .build())
                .hasMessage(
                        "metrics: macro_auc keeps 4,200,000 scores of the 700 mini-batches of many, expected at most"
                                + " 4,194,304; measure it of less data, or something else");
    }
}
