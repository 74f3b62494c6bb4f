package io.ketju.tensor.kernel.resampling;

import io.ketju.tensor.Shape;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.testing.Operand;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Resampling gives the values and gradients of the scalar kernels, at any width and number of threads. */
class ResamplingVectorTest {
    private static final ResamplingKernels SCALAR = new ScalarResampling();
    private static final int[] SIZES = {1, 2, 5, 14, 16, 17, 33, 70};
    private static final int[][] PADS = {{0, 0}, {1, 1}, {3, 0}, {0, 2}, {-1, 4}, {5, -3}, {-2, -1}, {13, 17}, {40, 3}};

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void paddings(int threads) {
        try (TensorCore core = open(threads)) {
            for (PaddingMode mode : PaddingMode.values()) {
                List<AxisMap> maps = paddings(mode);
                for (int i = 0; i < maps.size(); i++) {
                    AxisMap columns = maps.get(i);
                    AxisMap rows = maps.get(i * 7 % maps.size());
                    agree(core, new PlaneMap(rows, columns), mode + " " + i);
                    agree(core, new PlaneMap(AxisMap.identity(1), columns), mode + " of lines " + i);
                }
            }
        }
    }

    private static List<AxisMap> paddings(PaddingMode mode) {
        List<AxisMap> maps = new ArrayList<>();
        for (int size : SIZES) {
            for (int[] pad : PADS) {
                if (size >= mode.least(pad[0], pad[1])) {
                    maps.add(AxisMap.padded(mode, size, pad[0], pad[1]));
                }
            }
        }
        return maps;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void interpolations(int threads) {
        try (TensorCore core = open(threads)) {
            for (Interpolation interpolation : Interpolation.values()) {
                for (int size : SIZES) {
                    for (int count : SIZES) {
                        AxisMap rows = AxisMap.aligned(interpolation, count, size);
                        AxisMap columns = AxisMap.resized(interpolation, size, count, (double) size / count);
                        String what = interpolation + " of " + size + " to " + count;
                        agree(core, new PlaneMap(rows, columns), what);
                        agree(core, new PlaneMap(AxisMap.identity(3), columns), what + ", columns only");
                        agree(core, new PlaneMap(columns, AxisMap.identity(19)), what + ", rows only");
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void noPlanes(int batch) {
        try (TensorCore core = open(1)) {
            AxisMap axis = AxisMap.padded(PaddingMode.REFLECT, 5, 2, 1);
            agree(core, new PlaneMap(axis, axis), Shape.of(batch, 0), "no planes");
        }
    }

    private static TensorCore open(int threads) {
        return TensorCore.open(new TensorCoreOptions(threads, KernelChoice.VECTOR));
    }

    private static void agree(TensorCore core, PlaneMap map, String what) {
        agree(core, map, Shape.of(2, 3), what);
    }

    private static void agree(TensorCore core, PlaneMap map, Shape planes, String what) {
        ResamplingKernels kernels = core.kernels().resampling();
        int batch = planes.dimension(0);
        int channels = planes.dimension(1);
        Shape in = Shape.of(batch, channels, map.rows().size(), map.columns().size());
        Shape out = Shape.of(batch, channels, map.rows().count(), map.columns().count());
        Operand x = Operand.special(3, "x", in);
        Operand y = Operand.uniform(4, "y", out);
        Operand expectedY = y.copy();
        SCALAR.forward(map, -1.5f, x.tensor, expectedY.tensor);
        kernels.forward(map, -1.5f, x.tensor, y.tensor);
        y.assertSameBits(what, expectedY);
        Operand dy = Operand.special(5, "dy", out);
        Operand dx = Operand.uniform(6, "dx", in);
        Operand expectedDx = dx.copy();
        SCALAR.backward(map, dy.tensor, expectedDx.tensor);
        kernels.backward(map, dy.tensor, dx.tensor);
        dx.assertSameBits("gradient, " + what, expectedDx);
    }
}
