package io.ketju.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.tensor.kernel.Kernels;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where the p-norm has no derivative, against PyTorch 2.13's {@code LPPool1d}. */
class LPPoolTest {
    /** As behind every ReLU. */
    @Test
    void windowsOfZerosHaveTheGradientZero() {
        List<float[]> values = pass("LPPool1d(2, 2)", new float[] {0, 0, 3, 4, 0, -2}, new float[] {1, 2, 3});
        assertThat(values.get(0)).containsExactly(0, 5, 2);
        assertThat(values.get(1)).containsExactly(0, 0, 1.2f, 1.6f, 0, -3);
    }

    @Test
    void sumsMayBeNegativeWithoutARoot() {
        List<float[]> values = pass("LPPool1d(1, 2)", new float[] {0, 0, 3, -4}, new float[] {1, 2});
        assertThat(values.get(0)).containsExactly(0, -1);
        assertThat(values.get(1)).containsExactly(0, 0, 2, 2);
    }

    @Test
    void rootsOfNegativeSumsAreNone() {
        List<float[]> values = pass("LPPool1d(3, 2)", new float[] {-1, -2, 3, -4}, new float[] {1, 2});
        assertThat(values.get(0)).containsOnly(Float.NaN);
        assertThat(values.get(1)).containsOnly(Float.NaN);
    }

    @Test
    void powersNeedNotBeWhole() {
        List<float[]> values = pass("LPPool1d(1.5, 2)", new float[] {1, 4, 0.25f, 9}, new float[] {1, 2});
        Floats.assertClose("output", values.get(0), new float[] {4.326749f, 9.027757f}, 1e-6);
        float[] gradInput = {0.48074985f, 0.9614997f, 0.3328205f, 1.9969231f};
        Floats.assertClose("gradInput", values.get(1), gradInput, 1e-6);
    }

    /** The output and the gradient of the input. */
    private static List<float[]> pass(String layer, float[] input, float[] gradOutput) {
        try (LayerRun run = new LayerRun(LayerCase.of(layer, 1, 1, input.length), Kernels.scalar())) {
            float[] output = run.forward(List.of(input)).getFirst().toFloats();
            return List.of(
                    output, run.backwardInput(List.of(gradOutput)).getFirst().toFloats());
        }
    }
}
