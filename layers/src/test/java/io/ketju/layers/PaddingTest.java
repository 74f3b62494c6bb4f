package io.ketju.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.attention.ScaledDotProductAttention;
import io.ketju.layers.catalogue.Layers;
import io.ketju.layers.recurrent.GRU;
import io.ketju.layers.recurrent.LSTM;
import io.ketju.layers.recurrent.RNN;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What padding is, and is not, to layers over sequences: valid rows do not know of it. */
class PaddingTest {
    private static final long SEED = 23;
    private static final int WIDTH = 3;

    private static LayerRun open(String layer, TensorType... inputs) {
        return new LayerRun(Layers.parse(layer), List.of(inputs), Kernels.scalar(), LayerRun.Options.USUAL)
                .withWeights(SEED);
    }

    private static List<float[]> gradients(Layer layer, TensorType... inputs) {
        List<float[]> values = new ArrayList<>();
        for (TensorType type : layer.outputs(List.of(inputs))) {
            values.add(
                    Floats.normal(SEED, "gradient" + values.size(), type.shape().elements()));
        }
        return values;
    }

    private static float[] rows(Tensor tensor, int sample, int count) {
        int columns = tensor.shape().dimension(2);
        int first = sample * tensor.shape().dimension(1) * columns;
        return Arrays.copyOfRange(tensor.toFloats(), first, first + count * columns);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LSTM(3, 4, batch_first=true)",
                "LSTM(3, 2, batch_first=true, bidirectional=true, num_layers=2)",
                "GRU(3, 4, batch_first=true, bidirectional=true)",
                "RNN(3, 4, batch_first=true, num_layers=2)"
            })
    void packedAndPaddedFormsAgreeOnValidRows(String spec) {
        int length = 5;
        float[] lengths = {2, 5, 0, 3};
        float[] x = Floats.normal(SEED, "x", lengths.length * length * WIDTH);
        for (int b = 0; b < lengths.length; b++) {
            // Whatever stands in the padding.
            Arrays.fill(x, (b * length + (int) lengths[b]) * WIDTH, (b + 1) * length * WIDTH, Float.NaN);
        }
        TensorType[] padded = {TensorType.floats(lengths.length, length, WIDTH), TensorType.ints(lengths.length)};
        try (LayerRun all = open(spec, padded)) {
            List<float[]> gradOutput = gradients(Layers.parse(spec), padded);
            List<float[]> outputs = new ArrayList<>();
            all.forward(List.of(x, lengths)).forEach(output -> outputs.add(output.toFloats()));
            float[] gradInput = all.backwardInput(gradOutput).getFirst().toFloats();
            for (int b = 0; b < lengths.length; b++) {
                int steps = (int) lengths[b];
                assertZeroPadding(part(outputs.getFirst(), b, lengths.length), steps, length);
                assertZeroPadding(part(gradInput, b, lengths.length), steps, length);
                if (steps == 0) {
                    assertThat(part(outputs.get(1), b, lengths.length)).containsOnly(0);
                    continue;
                }
                try (LayerRun one = open(spec, TensorType.floats(1, steps, WIDTH))) {
                    List<Tensor> expected = one.forward(List.of(start(part(x, b, lengths.length), steps * WIDTH)));
                    List<float[]> ofOne = new ArrayList<>();
                    for (int i = 0; i < expected.size(); i++) {
                        int size = expected.get(i).elements();
                        assertThat(Floats.bits(start(part(outputs.get(i), b, lengths.length), size)))
                                .isEqualTo(Floats.bits(expected.get(i)));
                        ofOne.add(start(part(gradOutput.get(i), b, lengths.length), size));
                    }
                    assertThat(Floats.bits(start(part(gradInput, b, lengths.length), steps * WIDTH)))
                            .isEqualTo(Floats.bits(one.backwardInput(ofOne).getFirst()));
                }
            }
        }
    }

    /** What belongs to one sample. */
    private static float[] part(float[] values, int sample, int samples) {
        int size = values.length / samples;
        return Arrays.copyOfRange(values, sample * size, (sample + 1) * size);
    }

    private static float[] start(float[] values, int count) {
        return Arrays.copyOf(values, count);
    }

    private static void assertZeroPadding(float[] values, int steps, int length) {
        for (int i = steps * values.length / length; i < values.length; i++) {
            assertThat(values[i]).isZero();
        }
    }

    /** Weight gradients included: their sums run over the same rows. */
    @Test
    void lengthsWithoutPaddingAreAsNone() {
        String spec = "LSTM(3, 4, batch_first=true, bidirectional=true)";
        TensorType type = TensorType.floats(3, 4, WIDTH);
        float[] x = Floats.normal(SEED, "x", type.shape().elements());
        try (LayerRun with = open(spec, type, TensorType.ints(3));
                LayerRun without = open(spec, type)) {
            List<float[]> gradOutput = gradients(Layers.parse(spec), type);
            with.forward(List.of(x, new float[] {4, 4, 4}));
            without.forward(List.of(x));
            assertThat(Floats.bits(with.backwardInput(gradOutput).getFirst()))
                    .isEqualTo(Floats.bits(without.backwardInput(gradOutput).getFirst()));
            with.backwardWeight(gradOutput);
            without.backwardWeight(gradOutput);
            Floats.assertSame("weight gradients", with.gradientBits(), without.gradientBits());
        }
    }

    @Test
    void lengthsBeyondTheStepsAreRefused() {
        TensorType type = TensorType.floats(2, 4, WIDTH);
        try (LayerRun run = open("GRU(3, 4, batch_first=true)", type, TensorType.ints(2))) {
            float[] x = new float[type.shape().elements()];
            for (int wrong : new int[] {5, -1}) {
                assertThatThrownBy(() -> run.forward(List.of(x, new float[] {4, wrong})))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("length of sample 1 of the micro-batch: expected 0 to 4, found " + wrong);
            }
        }
    }

    /** A query that sees no key gets zeros; nothing that stands in the padding is ever read, nor gets a gradient. */
    @ParameterizedTest
    @ValueSource(strings = {"ScaledDotProductAttention(1)", "ScaledDotProductAttention(3, is_causal=true)"})
    void attentionSeesNoPadding(String spec) {
        int keys = 4;
        int width = 3;
        float[] lengths = {0, 2, 4};
        TensorType query = TensorType.floats(3, 5, width);
        TensorType key = TensorType.floats(3, keys, width);
        float[] q = Floats.normal(SEED, "q", query.shape().elements());
        float[] k = Floats.normal(SEED, "k", key.shape().elements());
        float[] v = Floats.normal(SEED, "v", key.shape().elements());
        for (int b = 0; b < lengths.length; b++) {
            for (float[] values : List.of(k, v)) {
                Arrays.fill(values, (b * keys + (int) lengths[b]) * width, (b + 1) * keys * width, Float.NaN);
            }
        }
        try (LayerRun run = open(spec, query, key, key, TensorType.ints(3))) {
            Tensor y = run.forward(List.of(q, k, v, lengths)).getFirst();
            assertThat(rows(y, 0, 5)).containsOnly(0);
            assertFinite(y.toFloats());
            List<Tensor> gradients = run.backwardInput(List.of(Floats.normal(SEED, "dy", y.elements())));
            assertThat(rows(gradients.get(0), 0, 5)).containsOnly(0);
            for (Tensor gradient : gradients.subList(0, 3)) {
                assertFinite(gradient.toFloats());
            }
            for (Tensor gradient : gradients.subList(1, 3)) {
                assertThat(rows(gradient, 0, keys)).containsOnly(0);
                assertThat(Arrays.copyOfRange(rows(gradient, 1, keys), 2 * width, keys * width))
                        .containsOnly(0);
            }
        }
    }

    private static void assertFinite(float[] values) {
        for (float value : values) {
            assertThat(Float.isFinite(value)).isTrue();
        }
    }
}
