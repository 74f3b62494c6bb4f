package io.ketju.tensor.kernel.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.testing.Samples;
import org.junit.jupiter.api.Test;

/** Maxima over rows of a sparse matrix: special values by hand, and threads against the scalar kernels. */
class RowMaximaTest {
    private static final float NAN = Float.NaN;

    private static int[] ints(Tensor tensor) {
        int[] values = new int[tensor.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = tensor.getInt(i);
        }
        return values;
    }

    @Test
    void firstOfEqualsWinsAndNaNIsLargest() {
        try (TensorArena arena = new TensorArena(1 << 12)) {
            CsrMatrix a = CsrBuilder.fromCoordinates(
                    3, 4, new int[] {0, 0, 0, 2, 2}, new int[] {1, 2, 3, 0, 1}, new float[5], arena);
            Tensor x = arena.allocate(Shape.of(4, 3));
            x.copyFrom(new float[] {-7, NAN, Float.NEGATIVE_INFINITY, 5, 1, NAN, 5, 2, 3, 4, NAN, 9});
            Tensor y = arena.allocate(Shape.of(3, 3));
            Tensor winners = arena.allocate(DType.INT32, Shape.of(3, 3));
            new ScalarSparse().maxima(a, x, y, winners);
            assertThat(y.toFloats()).containsExactly(5, NAN, NAN, 0, 0, 0, 5, NAN, NAN);
            assertThat(ints(winners)).containsExactly(1, 3, 1, -1, -1, -1, 1, 0, 1);
            Tensor dy = arena.allocate(Shape.of(3, 3));
            dy.copyFrom(new float[] {1, 2, 3, 100, 100, 100, 4, 5, 6});
            Tensor dx = arena.allocate(Shape.of(4, 3));
            dx.copyFrom(new float[] {8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8});
            new ScalarSparse().maximaBackward(dy, winners, dx);
            assertThat(dx.toFloats()).containsExactly(0, 5, 0, 5, 0, 9, 0, 0, 0, 0, 2, 0);
            assertThatThrownBy(() -> new ScalarSparse().maxima(a, x, y, dy))
                    .hasMessageStartingWith("sparse maxima: expected winners int32[3, 3], found float32[3, 3]");
        }
    }

    @Test
    void threadsGiveTheSameBits() {
        try (TensorCore core = TensorCore.open(new TensorCoreOptions(3, KernelChoice.VECTOR));
                Samples samples = new Samples(5);
                TensorArena arena = new TensorArena(1 << 20)) {
            CsrMatrix a = SparseVectorTest.random(3, 401, 90, 2000, arena);
            Tensor x = samples.normal(90, 67);
            Tensor dy = samples.normal(401, 67);
            Tensor[] y = {samples.normal(401, 67), samples.normal(401, 67)};
            Tensor[] dx = {samples.normal(90, 67), samples.normal(90, 67)};
            Tensor winners = arena.allocate(DType.INT32, Shape.of(401, 67));
            new ScalarSparse().maxima(a, x, y[0], winners);
            new ScalarSparse().maximaBackward(dy, winners, dx[0]);
            int[] expected = ints(winners);
            core.kernels().sparse().maxima(a, x, y[1], winners);
            core.kernels().sparse().maximaBackward(dy, winners, dx[1]);
            samples.assertSameBits("maxima", y[1], y[0]);
            samples.assertSameBits("gradient", dx[1], dx[0]);
            assertThat(ints(winners)).isEqualTo(expected);
        }
    }
}
