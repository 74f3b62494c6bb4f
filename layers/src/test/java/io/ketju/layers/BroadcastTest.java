package io.ketju.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of gradients where elements are repeated, and where maxima are equal. */
class BroadcastTest {
    /** As torch.amax: (1 + 0 + 0 + 1 + 1) shares by 3, and a single one takes all. */
    @Test
    void equalMaximaShareTheGradient() {
        LayerCase test = LayerCase.of("Max(1)", 2, 5);
        try (LayerRun run = new LayerRun(test, Kernels.scalar())) {
            assertThat(run.forward(List.of(new float[] {4, 1, 2, 4, 4, -1, -3, -2, -1.5f, -7}))
                            .getFirst()
                            .toFloats())
                    .containsExactly(4, -1);
            float third = 6 / 3f;
            assertThat(run.backwardInput(List.of(new float[] {6, 5})).getFirst().toFloats())
                    .containsExactly(third, 0, 0, third, third, 5, 0, 0, 0, 0);
        }
    }

    @Test
    void maximaOfSeveralDimensionsShareAcrossThem() {
        LayerCase test = LayerCase.of("Max((1, 3), keepdim=true)", 1, 2, 2, 2);
        try (LayerRun run = new LayerRun(test, Kernels.scalar())) {
            assertThat(run.forward(List.of(new float[] {1, 3, 9, 0, 3, 2, 0, 1}))
                            .getFirst()
                            .toFloats())
                    .containsExactly(3, 9);
            assertThat(run.backwardInput(List.of(new float[] {4, 7})).getFirst().toFloats())
                    .containsExactly(0, 2, 7, 0, 2, 0, 0, 0);
        }
    }

    /** Of one sample as of several: a micro-batch of one is no other sum. */
    @Test
    void sumsOfASampleDoNotDependOnTheOthers() {
        LayerCase all = LayerCase.of("Mul()", TensorType.floats(3, 1, 50), TensorType.floats(3, 40, 1));
        float[] a = Floats.normal(1, "a", 150);
        float[] b = Floats.normal(1, "b", 120);
        float[] dy = Floats.normal(1, "dy", 6000);
        try (LayerRun whole = new LayerRun(all, Kernels.scalar());
                LayerRun one = new LayerRun(all.withSamples(1), Kernels.scalar())) {
            whole.forward(List.of(a, b));
            one.forward(List.of(Arrays.copyOfRange(a, 50, 100), Arrays.copyOfRange(b, 40, 80)));
            List<int[]> of = Floats.bits(whole.backwardInput(List.of(dy)));
            List<int[]> alone = Floats.bits(one.backwardInput(List.of(Arrays.copyOfRange(dy, 2000, 4000))));
            assertThat(alone.get(0)).isEqualTo(Arrays.copyOfRange(of.get(0), 50, 100));
            assertThat(alone.get(1)).isEqualTo(Arrays.copyOfRange(of.get(1), 40, 80));
        }
    }

    /** Inputs that lack dimensions in front, as constants do: a row for all samples, and a number for each channel of all. */
    @Test
    void dimensionsInFrontMayBeMissing() {
        LayerCase rows = LayerCase.of("Sub()", TensorType.floats(2, 3), TensorType.floats(3));
        try (LayerRun run = new LayerRun(rows, Kernels.scalar())) {
            assertThat(run.forward(List.of(new float[] {1, 2, 3, 4, 5, 6}, new float[] {1, 0, -1}))
                            .getFirst()
                            .toFloats())
                    .containsExactly(0, 2, 4, 3, 5, 7);
            assertThat(run.backwardInput(List.of(new float[] {1, 2, 3, 10, 20, 30}))
                            .get(1)
                            .toFloats())
                    .containsExactly(-11, -22, -33);
        }
        LayerCase channels = LayerCase.of("Mul()", TensorType.floats(2, 1, 1), TensorType.floats(2, 2, 1, 2));
        try (LayerRun run = new LayerRun(channels, Kernels.scalar())) {
            float[] x = {1, 2, 3, 4, 5, 6, 7, 8};
            assertThat(run.forward(List.of(new float[] {10, 100}, x)).getFirst().toFloats())
                    .containsExactly(10, 20, 300, 400, 50, 60, 700, 800);
            List<float[]> ones = List.of(new float[] {1, 1, 1, 1, 1, 1, 1, 1});
            assertThat(run.backwardInput(ones).get(0).toFloats()).containsExactly(1 + 2 + 5 + 6, 3 + 4 + 7 + 8);
            assertThat(run.backwardInput(ones).get(1).toFloats()).containsExactly(10, 10, 100, 100, 10, 10, 100, 100);
        }
    }
}
