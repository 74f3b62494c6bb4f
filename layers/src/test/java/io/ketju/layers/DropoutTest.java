package io.ketju.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ketju.tensor.kernel.Kernels;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DropoutTest {
    private static final int SAMPLES = 40;
    private static final int SIZE = 500;
    private static final LayerCase CASE = LayerCase.of("Dropout(0.3)", SAMPLES, SIZE);

    private static float[] ones(int count) {
        float[] values = new float[count];
        Arrays.fill(values, 1);
        return values;
    }

    /** What becomes of ones in a step, from a sample on. */
    private static float[] dropped(LayerCase test, long step, long firstSample) {
        try (LayerRun run = new LayerRun(test, Kernels.scalar()).at(step, firstSample)) {
            return run.forward(List.of(ones(test.inputs().getFirst().shape().elements())))
                    .getFirst()
                    .toFloats();
        }
    }

    /** Of 20,000 draws the rate is within five standard deviations, 0.0032 each. */
    @Test
    void dropsAtTheRateAndScalesTheRest() {
        float[] values = dropped(CASE, 1, 0);
        int zeros = 0;
        for (float value : values) {
            assertThat(value).isIn(0f, (float) (1 / 0.7));
            zeros += value == 0 ? 1 : 0;
        }
        assertThat((double) zeros / values.length).isCloseTo(0.3, within(5 * 0.0033));
    }

    @Test
    void masksDependOnStepAndSampleAlone() {
        float[] whole = dropped(CASE, 1, 0);
        assertThat(dropped(CASE, 2, 0)).isNotEqualTo(whole);
        for (int[] cut : new int[][] {{0, 13}, {13, 14}, {14, 40}}) {
            float[] part = dropped(CASE.withSamples(cut[1] - cut[0]), 1, cut[0]);
            assertThat(part).isEqualTo(Arrays.copyOfRange(whole, cut[0] * SIZE, cut[1] * SIZE));
        }
        float[] first = Arrays.copyOf(whole, SIZE);
        assertThat(Arrays.copyOfRange(whole, SIZE, 2 * SIZE)).isNotEqualTo(first);
    }

    /** Gradients pass where values did, after other micro-batches too. */
    @Test
    void backwardAsksForTheSameMask() {
        try (LayerRun run = new LayerRun(CASE, Kernels.scalar()).at(5, 7)) {
            float[] output =
                    run.forward(List.of(ones(SAMPLES * SIZE))).getFirst().toFloats();
            float[] gradient =
                    run.backwardInput(List.of(ones(SAMPLES * SIZE))).getFirst().toFloats();
            assertThat(gradient).isEqualTo(output);
        }
    }

    @Test
    void evaluationKeepsAll() {
        try (LayerRun run = new LayerRun(CASE, Kernels.scalar())) {
            List<float[]> input = CASE.inputValues(1);
            assertThat(run.forward(input, false).getFirst().toFloats()).isEqualTo(input.getFirst());
        }
    }

    /** Of 20,000 channels the rate is within five standard deviations; those of a sample are the same wherever it is cut. */
    @Test
    void dropsWholeChannelsAtTheRate() {
        LayerCase whole = LayerCase.of("Dropout1d(0.3)", SAMPLES, SIZE, 3);
        float[] values = dropped(whole, 1, 0);
        int zeros = 0;
        for (int i = 0; i < values.length; i += 3) {
            assertThat(values[i]).isIn(0f, (float) (1 / 0.7));
            assertThat(new float[] {values[i + 1], values[i + 2]}).containsOnly(values[i]);
            zeros += values[i] == 0 ? 1 : 0;
        }
        assertThat(3.0 * zeros / values.length).isCloseTo(0.3, within(5 * 0.0033));
        assertThat(dropped(whole.withSamples(27), 1, 13))
                .isEqualTo(Arrays.copyOfRange(values, 13 * SIZE * 3, values.length));
    }
}
