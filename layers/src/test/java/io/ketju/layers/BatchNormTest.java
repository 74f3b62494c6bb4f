package io.ketju.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.ketju.layers.normalization.BatchNorm1d;
import io.ketju.layers.normalization.BatchNorm2d;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of statistics over micro-batches, steps and evaluations. */
class BatchNormTest {
    private static final long SEED = 3;
    private static final int CHANNELS = 3;
    private static final int SPATIAL = 4;
    private static final int MEAN = 2;
    private static final int VARIANCE = 3;
    private static final int COUNT = 4;

    /** One mini-batch of unequal micro-batches for one layer, as the executor commits it. */
    private static final class Step implements Commit, AutoCloseable {
        private final TensorArena arena = new TensorArena(1 << 14);
        private final List<TensorType> types = new ArrayList<>();
        private final List<List<Tensor>> left = new ArrayList<>();
        private final List<Tensor> parameters = new ArrayList<>();

        Step(BatchNorm2d layer) {
            for (Parameter parameter : layer.parameters()) {
                Tensor value = arena.allocate(parameter.shape());
                value.copyFrom(Floats.normal(SEED, parameter.name(), value.elements()));
                parameters.add(value);
            }
        }

        /** Forward of samples from..to-1 of a batch. */
        void microbatch(BatchNorm2d layer, float[] batch, int from, int to) {
            TensorType type = TensorType.floats(to - from, CHANNELS, 2, SPATIAL / 2);
            int size = CHANNELS * SPATIAL;
            try (LayerRun run = new LayerRun(layer, List.of(type), Kernels.scalar(), LayerRun.Options.USUAL)) {
                run.forward(List.of(Arrays.copyOfRange(batch, from * size, to * size)));
                List<Tensor> copies = new ArrayList<>();
                for (Tensor tensor : run.untilStep()) {
                    copies.add(arena.allocate(tensor.shape()));
                    copies.getLast().copyFrom(tensor);
                }
                types.add(type);
                left.add(copies);
            }
        }

        /** The next mini-batch begins. */
        void next() {
            types.clear();
            left.clear();
        }

        @Override
        public Kernels kernels() {
            return Kernels.scalar();
        }

        @Override
        public Tensor parameter(int index) {
            return parameters.get(index);
        }

        @Override
        public int microbatches() {
            return left.size();
        }

        @Override
        public List<TensorType> inputs(int microbatch) {
            return List.of(types.get(microbatch));
        }

        @Override
        public Tensor left(int microbatch, int index) {
            return left.get(microbatch).get(index);
        }

        @Override
        public void close() {
            arena.close();
        }
    }

    /** Mean and unbiased variance of a channel over a whole batch, in double. */
    private static double[] statistics(float[] batch, int channel) {
        double[] values = new double[batch.length / CHANNELS];
        for (int i = 0; i < values.length; i++) {
            values[i] = batch[(i / SPATIAL * CHANNELS + channel) * SPATIAL + i % SPATIAL];
        }
        double mean = Arrays.stream(values).average().orElseThrow();
        double squares = Arrays.stream(values).map(x -> (x - mean) * (x - mean)).sum();
        return new double[] {mean, squares / (values.length - 1)};
    }

    /** One step of momentum, whatever the cut, to what the batch as a whole has; far from zero too. */
    @Test
    void runningStatisticsAreThoseOfTheWholeBatch() {
        BatchNorm2d layer = new BatchNorm2d(CHANNELS).withMomentum(0.3);
        float[] batch = Floats.normal(SEED, "batch", 7 * CHANNELS * SPATIAL);
        for (int i = 0; i < batch.length; i++) {
            batch[i] += 100;
        }
        for (int[] bounds : new int[][] {{0, 7}, {0, 3, 7}, {0, 1, 2, 3, 4, 5, 6, 7}, {0, 6, 7}}) {
            try (Step step = new Step(layer)) {
                float[] mean = step.parameter(MEAN).toFloats();
                float[] variance = step.parameter(VARIANCE).toFloats();
                for (int i = 1; i < bounds.length; i++) {
                    step.microbatch(layer, batch, bounds[i - 1], bounds[i]);
                }
                layer.commit(step);
                for (int c = 0; c < CHANNELS; c++) {
                    double[] expected = statistics(batch, c);
                    mean[c] = (float) (0.7 * mean[c] + 0.3 * expected[0]);
                    variance[c] = (float) (0.7 * variance[c] + 0.3 * expected[1]);
                }
                Floats.assertClose("mean", step.parameter(MEAN).toFloats(), mean, 1e-6);
                Floats.assertClose("variance", step.parameter(VARIANCE).toFloats(), variance, 1e-5);
            }
        }
    }

    /** Momentum None: the mean over the steps, each of several micro-batches, and how many they were. */
    @Test
    void withoutMomentumEveryMiniBatchCountsTheSame() {
        BatchNorm2d layer = new BatchNorm2d(CHANNELS).withoutMomentum();
        assertThat(layer.parameters()).extracting(Parameter::name).endsWith("running_var", "num_batches_tracked");
        try (Step step = new Step(layer)) {
            step.parameter(COUNT).setFloat(0, 0);
            double[] means = new double[CHANNELS];
            double[] variances = new double[CHANNELS];
            for (int s = 1; s <= 3; s++) {
                float[] batch = Floats.normal(SEED + s, "batch", 7 * CHANNELS * SPATIAL);
                step.microbatch(layer, batch, 0, 3);
                step.microbatch(layer, batch, 3, 7);
                layer.commit(step);
                step.next();
                for (int c = 0; c < CHANNELS; c++) {
                    means[c] += (statistics(batch, c)[0] - means[c]) / s;
                    variances[c] += (statistics(batch, c)[1] - variances[c]) / s;
                }
                assertThat(step.parameter(COUNT).getFloat(0)).isEqualTo(s);
            }
            Floats.assertClose("mean", step.parameter(MEAN).toFloats(), means, 1e-6);
            Floats.assertClose("variance", step.parameter(VARIANCE).toFloats(), variances, 1e-6);
        }
    }

    /** An evaluation reads the running statistics, and training does not. */
    @Test
    void evaluationNormalizesByTheRunningStatistics() {
        LayerCase test = LayerCase.of("BatchNorm2d(3)", 2, 3, 2, 2);
        try (LayerRun run = new LayerRun(test, Kernels.scalar()).withWeights(SEED)) {
            List<float[]> input = test.inputValues(SEED);
            int[] trained = Floats.bits(run.forward(input).getFirst());
            int[] evaluated = Floats.bits(run.forward(input, false).getFirst());
            run.commit();
            assertThat(Floats.bits(run.forward(input, false).getFirst())).isNotEqualTo(evaluated);
            assertThat(Floats.bits(run.forward(input).getFirst())).isEqualTo(trained);
        }
    }

    @Test
    void withoutRunningStatisticsThereAreNoBuffersAndNothingStays() {
        BatchNorm2d layer = new BatchNorm2d(CHANNELS).withoutRunningStats();
        assertThat(layer.parameters()).extracting(Parameter::name).containsExactly("weight", "bias");
        assertThat(layer.footprint(TensorType.floats(2, CHANNELS, 2, 2)).untilStep())
                .isEmpty();
        assertThat(new BatchNorm1d(CHANNELS).withoutAffine().parameters())
                .extracting(Parameter::name, Parameter::learns)
                .containsExactly(tuple("running_mean", false), tuple("running_var", false));
    }

    @Test
    void startsAsInPyTorch() {
        try (TensorArena arena = new TensorArena(1 << 10)) {
            List<Float> starts = new ArrayList<>();
            for (Parameter parameter : new BatchNorm1d(1).parameters()) {
                Tensor value = arena.allocate(Shape.of(1));
                parameter.initializer().fill(value, LayerRun.random());
                starts.add(value.getFloat(0));
            }
            assertThat(starts).containsExactly(1f, 0f, 0f, 1f);
        }
    }

    /** Nothing but training needs more: an evaluation may be of one value. */
    @Test
    void oneValuePerChannelHasNoVariance() {
        String message = "BatchNorm1d(3): expected a micro-batch of more than one value per channel in training,"
                + " found float32[1, 3]; make mini-batches larger or cut them into fewer micro-batches";
        LayerCase test = LayerCase.of("BatchNorm1d(3)", 1, 3);
        assertThatThrownBy(() -> test.layer().requireTrainable(test.inputs()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
        try (LayerRun run = new LayerRun(test, Kernels.scalar()).withWeights(SEED)) {
            run.forward(test.inputValues(SEED), false);
            assertThatThrownBy(() -> run.forward(test.inputValues(SEED)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(message);
        }
        new BatchNorm1d(3).requireTrainable(List.of(TensorType.floats(1, 3, 2)));
        new BatchNorm2d(3).requireTrainable(List.of(TensorType.floats(2, 3, 1, 1)));
    }
}
