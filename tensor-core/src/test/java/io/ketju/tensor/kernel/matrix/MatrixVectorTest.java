package io.ketju.tensor.kernel.matrix;

import static io.ketju.tensor.kernel.matrix.MatrixKernels.K_BLOCK;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.kernel.matrix.GemmShape.Layout;
import io.ketju.tensor.random.CounterRandom;
import io.ketju.tensor.simd.ColumnSum;
import io.ketju.tensor.testing.Operand;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SIMD matrix products give the bits of the scalar ones, for awkward sizes, any width and any number of threads. */
class MatrixVectorTest {
    private static final int[] SIZES = {1, 3, 7, 8, 13, 16, 17, 31, 64, 65, 100, 207, K_BLOCK + 1, K_BLOCK + 44};
    private static final List<Layout> LAYOUTS = List.of(Layout.NN, Layout.NT, Layout.TN);
    private static final long LARGEST = 1_000_000;
    private static final MatrixKernels SCALAR = new ScalarMatrix();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void mixedSizes(int threads) {
        try (TensorCore core = open(threads)) {
            CounterRandom random = CounterRandom.of(2026, "sizes");
            for (int round = 0, at = 0; round < 45; round++) {
                int m = SIZES[random.below(at++, SIZES.length)];
                int n = SIZES[random.below(at++, SIZES.length)];
                int k = SIZES[random.below(at++, SIZES.length)];
                Layout layout = LAYOUTS.get(random.below(at++, 3));
                if ((long) m * n * k <= LARGEST) {
                    compare(core.kernels().matrix(), new GemmShape(layout, m, n, k), round);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void longSums(int threads) {
        try (TensorCore core = open(threads)) {
            for (Layout layout : LAYOUTS) {
                compare(core.kernels().matrix(), new GemmShape(layout, 27, 35, 1500), 1);
                compare(core.kernels().matrix(), new GemmShape(layout, 1, 1, 2049), 2);
                compare(core.kernels().matrix(), new GemmShape(layout, 2, 300, 1024), 3);
                compare(core.kernels().matrix(), new GemmShape(layout, 27, 64, 2100), 4);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void severalTiles(int threads) {
        try (TensorCore core = open(threads)) {
            for (Layout layout : LAYOUTS) {
                compare(core.kernels().matrix(), new GemmShape(layout, 251, 523, 9), 1);
                compare(core.kernels().matrix(), new GemmShape(layout, 122, 258, 41), 2);
            }
        }
    }

    @Test
    void everySmallSize() {
        try (TensorCore core = open(1)) {
            for (Layout layout : LAYOUTS) {
                for (int m = 1; m <= 12; m++) {
                    for (int n = 1; n <= 67; n += 3) {
                        compare(core.kernels().matrix(), new GemmShape(layout, m, n, 5), m * 100L + n);
                    }
                }
            }
        }
    }

    @Test
    void emptySumsAndProducts() {
        try (TensorCore core = open(1)) {
            for (Layout layout : LAYOUTS) {
                compare(core.kernels().matrix(), new GemmShape(layout, 3, 5, 0), 1);
                compare(core.kernels().matrix(), new GemmShape(layout, 0, 5, 3), 2);
                compare(core.kernels().matrix(), new GemmShape(layout, 3, 0, 5), 3);
            }
        }
    }

    @Test
    void specialValues() {
        try (TensorCore core = open(2)) {
            for (Layout layout : LAYOUTS) {
                for (int seed = 0; seed < 5; seed++) {
                    GemmShape shape = new GemmShape(layout, 17, 70, 8 + seed * 70);
                    Operand a = Operand.special(seed, "a", Shape.of(shape.m() * shape.k()));
                    Operand b = Operand.special(seed, "b", Shape.of(shape.k() * shape.n()));
                    compare(core.kernels().matrix(), shape, a, b, "special values, seed " + seed);
                }
            }
        }
    }

    @Test
    void signOfZeroSurvivesOnlyWhereTheScalarSumKeepsIt() {
        try (TensorCore core = open(1)) {
            // Underflow to -0 in the chain, then in c.
            int k = K_BLOCK + 1;
            Operand a = Operand.uniform(1, "a", Shape.of(2 * k));
            Operand b = Operand.uniform(1, "b", Shape.of(k * 3));
            a.tensor.clear();
            b.tensor.clear();
            for (int at : new int[] {K_BLOCK - 1, K_BLOCK, k + K_BLOCK}) {
                a.tensor.setFloat(at, -1e-30f);
            }
            for (int column = 0; column < 3; column++) {
                b.tensor.setFloat((K_BLOCK - 1) * 3 + column, 1e-30f);
                b.tensor.setFloat(K_BLOCK * 3 + column, 1e-30f);
            }
            compare(core.kernels().matrix(), GemmShape.nn(2, 3, k), a, b, "negative zeros");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void sumRows(int threads) {
        try (TensorCore core = open(threads)) {
            for (int n : new int[] {1, 7, 16, 65, 1023, 1025, 2500}) {
                sumRows(core.kernels().matrix(), Operand.special(n, "x", Shape.of(9, n)), n);
            }
            for (int rows : new int[] {ColumnSum.BLOCK, ColumnSum.BLOCK + 1, 3 * ColumnSum.BLOCK + 5}) {
                for (int n : new int[] {1, 16, 65, 259}) {
                    sumRows(core.kernels().matrix(), Operand.uniform(n, "x", Shape.of(rows, n)), n);
                }
            }
        }
    }

    private static void sumRows(MatrixKernels kernels, Operand x, int n) {
        Operand expected = Operand.uniform(n, "sums", Shape.of(n));
        Operand actual = expected.copy();
        SCALAR.sumRowsAccumulate(x.tensor, expected.tensor);
        kernels.sumRowsAccumulate(x.tensor, actual.tensor);
        actual.assertSameBits("sums of the columns of " + x.tensor, expected);
    }

    private static TensorCore open(int threads) {
        return TensorCore.open(new TensorCoreOptions(threads, KernelChoice.VECTOR));
    }

    private static void compare(MatrixKernels kernels, GemmShape shape, long seed) {
        Operand a = Operand.uniform(seed, "a", Shape.of(shape.m() * shape.k()));
        Operand b = Operand.uniform(seed, "b", Shape.of(shape.k() * shape.n()));
        compare(kernels, shape, a, b, "seed " + seed);
    }

    private static void compare(MatrixKernels kernels, GemmShape shape, Operand a, Operand b, String what) {
        Operand before = Operand.uniform(7, "c", Shape.of(shape.m(), shape.n()));
        Tensor bias = Operand.uniform(8, "bias", Shape.of(shape.n())).tensor;
        compare("gemm", shape, before, what, (k, c) -> k.gemm(shape, a.tensor, b.tensor, c), kernels);
        compare("accumulate", shape, before, what, (k, c) -> k.gemmAccumulate(shape, a.tensor, b.tensor, c), kernels);
        compare("bias", shape, before, what, (k, c) -> k.gemmBias(shape, a.tensor, b.tensor, bias, c), kernels);
    }

    @FunctionalInterface
    private interface Product {
        void run(MatrixKernels kernels, Tensor c);
    }

    private static void compare(
            String name, GemmShape shape, Operand before, String what, Product product, MatrixKernels kernels) {
        Operand expected = before.copy();
        Operand actual = before.copy();
        product.run(SCALAR, expected.tensor);
        product.run(kernels, actual.tensor);
        actual.assertSameBits(name + " " + shape + ", " + what, expected);
    }
}
