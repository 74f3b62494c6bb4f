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

    /** Of 20,000 draws; the normal numbers that come in leave as mean and variance say. */
    @Test
    void alphaDropoutKeepsMeanAndVariance() {
        LayerCase test = LayerCase.of("AlphaDropout(0.3)", SAMPLES, SIZE);
        double a = 1 / Math.sqrt(0.7 * (1 + 0.3 * 1.7580993408473766 * 1.7580993408473766));
        float dropped = (float) (a * -1.7580993408473766 + a * 0.3 * 1.7580993408473766);
        try (LayerRun run = new LayerRun(test, Kernels.scalar()).at(1, 0)) {
            float[] values = run.forward(test.inputValues(7)).getFirst().toFloats();
            double sum = 0;
            double squares = 0;
            int least = 0;
            for (float value : values) {
                sum += value;
                squares += (double) value * value;
                least += value == dropped ? 1 : 0;
            }
            assertThat((double) least / values.length).isCloseTo(0.3, within(5 * 0.0033));
            assertThat(sum / values.length).isCloseTo(0, within(5 * 0.0071));
            assertThat(squares / values.length).isCloseTo(1, within(0.05));
        }
    }

    @Test
    void alphaDropoutOfFeaturesDropsWholeChannels() {
        LayerCase whole = LayerCase.of("FeatureAlphaDropout(0.3)", SAMPLES, SIZE, 3);
        float[] values = dropped(whole, 1, 0);
        for (int i = 0; i < values.length; i += 3) {
            assertThat(new float[] {values[i + 1], values[i + 2]}).containsOnly(values[i]);
        }
        assertThat(dropped(whole.withSamples(27), 1, 13))
                .isEqualTo(Arrays.copyOfRange(values, 13 * SIZE * 3, values.length));
    }

    /** Of 20,000 samples; each is dropped or kept as a whole, and where it is cut changes nothing. */
    @Test
    void stochasticDepthDropsSamplesAtTheRate() {
        int samples = SAMPLES * SIZE;
        LayerCase test = LayerCase.of("StochasticDepth(0.3, row)", samples, 2);
        float[] values = dropped(test, 1, 0);
        int zeros = 0;
        for (int i = 0; i < values.length; i += 2) {
            assertThat(values[i]).isIn(0f, (float) (1 / 0.7)).isEqualTo(values[i + 1]);
            zeros += values[i] == 0 ? 1 : 0;
        }
        assertThat((double) zeros / samples).isCloseTo(0.3, within(5 * 0.0033));
        assertThat(dropped(test.withSamples(100), 1, 77)).isEqualTo(Arrays.copyOfRange(values, 154, 354));
    }

    /** All micro-batches of a step go the same way, at the rate over 2,000 steps. */
    @Test
    void stochasticDepthOfBatchesDependsOnTheStepAlone() {
        LayerCase test = LayerCase.of("StochasticDepth(0.3, batch)", 3, 2);
        int zeros = 0;
        for (int step = 0; step < 2000; step++) {
            float[] values = dropped(test, step, 0);
            assertThat(values).containsOnly(values[0]);
            assertThat(dropped(test, step, 3)).isEqualTo(values);
            zeros += values[0] == 0 ? 1 : 0;
        }
        assertThat(zeros / 2000.0).isCloseTo(0.3, within(5 * 0.0103));
    }

    /** Of 20,000 draws: every tenth of the range as often as the others, each from lower to upper. */
    @Test
    void randomRectifiersDrawSlopesEvenly() {
        LayerCase test = LayerCase.of("RReLU(0.2, 0.7)", SAMPLES, SIZE);
        float[] minus = new float[SAMPLES * SIZE];
        Arrays.fill(minus, -1);
        try (LayerRun run = new LayerRun(test, Kernels.scalar()).at(1, 0);
                LayerRun part = new LayerRun(test.withSamples(27), Kernels.scalar()).at(1, 13)) {
            float[] values = run.forward(List.of(minus)).getFirst().toFloats();
            int[] tenths = new int[10];
            for (float value : values) {
                assertThat(-value).isBetween(0.2f, 0.7f);
                tenths[(int) ((-value - 0.2f) * 19.9999f)]++;
            }
            for (int count : tenths) {
                assertThat(count).isBetween(2000 - 5 * 43, 2000 + 5 * 43);
            }
            float[] rest = Arrays.copyOfRange(minus, 13 * SIZE, minus.length);
            assertThat(part.forward(List.of(rest)).getFirst().toFloats())
                    .isEqualTo(Arrays.copyOfRange(values, 13 * SIZE, values.length));
            float[] gradient =
                    run.backwardInput(List.of(ones(minus.length))).getFirst().toFloats();
            for (int i = 0; i < values.length; i++) {
                assertThat(gradient[i]).isEqualTo(-values[i]);
            }
        }
    }
}
