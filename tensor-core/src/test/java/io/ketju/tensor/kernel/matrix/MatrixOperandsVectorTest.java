package io.ketju.tensor.kernel.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.kernel.activation.Activation;
import io.ketju.tensor.kernel.matrix.GemmShape.Layout;
import io.ketju.tensor.random.CounterRandom;
import io.ketju.tensor.simd.ColumnSum;
import io.ketju.tensor.testing.Operand;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Products of views, gradients and packed matrices, with epilogues: bits of the scalar kernels, which do one thing after
 * the other. Whole tensors are compared, so that what lies before, between and behind the rows of a result must stay.
 */
class MatrixOperandsVectorTest {
    private static final MatrixKernels SCALAR = new ScalarMatrix();
    private static final int[] SIZES = {0, 1, 2, 5, 6, 7, 16, 17, 33, 64, 65, 100, 130, MatrixKernels.K_BLOCK + 2};
    private static final List<Layout> LAYOUTS = List.of(Layout.NN, Layout.NT, Layout.TN);
    private static final long LARGEST = 300_000;
    private static final List<Activation> ACTIVATIONS = List.of(
            Activation.RELU,
            Activation.RELU6,
            Activation.SELU,
            Activation.GELU,
            Activation.GELU_TANH,
            Activation.SILU,
            Activation.TANH,
            Activation.SIGMOID);
    /** Shapes that are cut: into tiles by rows and by columns, stripes, K-blocks of either. */
    private static final int[][] CUT = {
        {400, 70, 9}, {100, 2100, 3}, {98, 150, 150}, {20, 400, 263}, {27, 35, 2300}, {100, 5, 2049}, {1, 300, 1100}
    };

    /** Everything that a product may write, and what it reads. */
    private static final class Trial {
        final CounterRandom random;
        final GemmShape shape;
        final Operand c;
        final Operand kept;
        final Operand leftSums;
        final Operand rightSums;
        int at;

        Trial(GemmShape shape, long seed) {
            this.random = CounterRandom.of(seed, "operands");
            this.shape = shape;
            c = Operand.uniform(seed, "c", Shape.of(room(shape.m(), shape.n())));
            kept = Operand.uniform(seed, "kept", Shape.of(room(shape.m(), shape.n())));
            leftSums = Operand.uniform(seed, "left sums", Shape.of(shape.m()));
            rightSums = Operand.uniform(seed, "right sums", Shape.of(shape.n()));
        }

        /** Another trial of the same choices with results of its own. */
        Trial(Trial other) {
            random = other.random;
            shape = other.shape;
            c = other.c.copy();
            kept = other.kept.copy();
            leftSums = other.leftSums.copy();
            rightSums = other.rightSums.copy();
        }

        static int room(int rows, int columns) {
            return 7 + rows * (columns + 5);
        }

        int below(int bound) {
            return random.below(at++, bound);
        }

        MatrixView view(Tensor memory, int columns) {
            return new MatrixView(memory, below(8), columns + below(6));
        }

        MatrixView view(String name, int rows, int columns) {
            // One special value in a sum makes it NaN, so that they would hide what they are among.
            Shape room = Shape.of(room(rows, columns));
            int seed = below(1000);
            return view(
                    (below(6) == 0 ? Operand.special(seed, name, room) : Operand.uniform(seed, name, room)).tensor,
                    columns);
        }

        MatrixOperand operand(String name, int rows, int columns, @Nullable Tensor sums) {
            MatrixView view = view(name, rows, columns);
            MatrixView saved = view("saved " + name, rows, columns);
            Activation activation = ACTIVATIONS.get(below(ACTIVATIONS.size()));
            return switch (below(3)) {
                case 0 -> new ActivationGradient(view, activation, saved, sums);
                case 1 -> new ActivationGradient(view, activation, saved);
                default -> view;
            };
        }

        void run(MatrixKernels kernels) {
            Layout layout = shape.layout();
            MatrixOperand a = operand(
                    "a",
                    GemmChecks.rowsOfA(shape),
                    GemmChecks.columnsOfA(shape),
                    layout == Layout.TN ? leftSums.tensor : null);
            MatrixOperand b = operand(
                    "b",
                    GemmChecks.rowsOfB(shape),
                    GemmChecks.columnsOfB(shape),
                    layout == Layout.NT ? null : rightSums.tensor);
            if (b instanceof MatrixView view && below(2) == 0) {
                Operand memory = Operand.uniform(1, "packed", Shape.of(PackedMatrix.floats(shape.k(), shape.n())));
                PackedMatrix packed = new PackedMatrix(shape.k(), shape.n(), memory.tensor);
                kernels.pack(view, layout == Layout.NT, packed);
                b = packed;
                memory.assertSameBits("guard of packing " + shape, memory);
            }
            GemmEpilogue epilogue = epilogue();
            if (below(2) == 0) {
                kernels.gemm(shape, a, b, epilogue, view(c.tensor, shape.n()));
            } else {
                kernels.gemmAccumulate(shape, a, b, epilogue, view(c.tensor, shape.n()));
            }
        }

        private GemmEpilogue epilogue() {
            GemmEpilogue epilogue = GemmEpilogue.NONE;
            if (below(2) == 0) {
                epilogue = epilogue.withBias(Operand.uniform(below(9), "bias", Shape.of(shape.n())).tensor);
            }
            if (below(3) == 0) {
                epilogue = epilogue.withRowBias(Operand.uniform(below(9), "rows", Shape.of(shape.m())).tensor);
            }
            Activation activation = ACTIVATIONS.get(below(ACTIVATIONS.size()));
            epilogue = switch (below(3)) {
                case 0 -> epilogue.withActivation(activation);
                case 1 -> epilogue.withActivation(activation, view(kept.tensor, shape.n()));
                default -> epilogue;
            };
            return below(3) == 0 ? epilogue.withResidual(view("residual", shape.m(), shape.n())) : epilogue;
        }
    }

    private static void compare(MatrixKernels kernels, GemmShape shape, long seed) {
        Trial expected = new Trial(shape, seed);
        Trial actual = new Trial(expected);
        expected.run(SCALAR);
        actual.run(kernels);
        String what = shape + ", seed " + seed;
        actual.c.assertSameBits("c of " + what, expected.c);
        actual.kept.assertSameBits("input of the activation of " + what, expected.kept);
        actual.leftSums.assertSameBits("sums of a of " + what, expected.leftSums);
        actual.rightSums.assertSameBits("sums of b of " + what, expected.rightSums);
    }

    /** Sums over more rows than a block has, in every cut of the product and without one. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void sumsOfManyRows(int threads) {
        int[][] sizes = {
            {7, 9, 2 * ColumnSum.BLOCK}, {130, 129, 777}, {400, 70, 600}, {9, 700, 600}, {27, 35, 2300}, {0, 65, 600}
        };
        try (TensorCore core = open(threads)) {
            for (int[] size : sizes) {
                GemmShape shape = GemmShape.tn(size[0], size[1], size[2]);
                sums(core.kernels().matrix(), shape, true, false);
                sums(core.kernels().matrix(), shape, false, true);
                sums(core.kernels().matrix(), shape, true, true);
            }
        }
    }

    private static void sums(MatrixKernels kernels, GemmShape shape, boolean ofA, boolean ofB) {
        Operand expectedA = Operand.uniform(5, "sums of a", Shape.of(shape.m()));
        Operand expectedB = Operand.uniform(6, "sums of b", Shape.of(shape.n()));
        Operand actualA = expectedA.copy();
        Operand actualB = expectedB.copy();
        sums(SCALAR, shape, ofA ? expectedA.tensor : null, ofB ? expectedB.tensor : null);
        sums(kernels, shape, ofA ? actualA.tensor : null, ofB ? actualB.tensor : null);
        actualA.assertSameBits("sums of a of " + shape, expectedA);
        actualB.assertSameBits("sums of b of " + shape, expectedB);
    }

    private static void sums(MatrixKernels kernels, GemmShape shape, @Nullable Tensor ofA, @Nullable Tensor ofB) {
        MatrixView a = dense("a", shape.k(), shape.m());
        MatrixView b = dense("b", shape.k(), shape.n());
        MatrixOperand left = ofA == null ? a : new ActivationGradient(a, Activation.elu(-0.5f), a, ofA);
        MatrixOperand right = ofB == null ? b : new ActivationGradient(b, Activation.TANH, b, ofB);
        kernels.gemm(shape, left, right, GemmEpilogue.NONE, dense("c", shape.m(), shape.n()));
    }

    private static MatrixView dense(String name, int rows, int columns) {
        return MatrixView.of(Operand.uniform(7, name, Shape.of(rows, columns)).tensor, columns);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void mixedSizes(int threads) {
        try (TensorCore core = open(threads)) {
            CounterRandom random = CounterRandom.of(11, "sizes");
            for (int round = 0, at = 0; round < 70; round++) {
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
    @ValueSource(ints = {1, 3})
    void everyCut(int threads) {
        try (TensorCore core = open(threads)) {
            for (int i = 0; i < 2 * CUT.length; i++) {
                int[] size = CUT[i % CUT.length];
                GemmShape shape = new GemmShape(LAYOUTS.get((i + threads) % 3), size[0], size[1], size[2]);
                compare(core.kernels().matrix(), shape, 10L * i + threads);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void batches(int threads) {
        try (TensorCore core = open(threads)) {
            int[][] sizes = {{7, 13, 5, 40}, {1, 1, 1, 3}, {64, 64, 64, 5}, {100, 70, 20, 3}, {5, 6, 0, 4}, {3, 4, 5, 0}
            };
            for (int[] size : sizes) {
                for (Layout layout : Layout.values()) {
                    GemmShape shape = new GemmShape(layout, size[0], size[1], size[2]);
                    batch(core.kernels().matrix(), shape, size[3], false);
                    batch(core.kernels().matrix(), shape, size[3], true);
                }
            }
        }
    }

    private static void batch(MatrixKernels kernels, GemmShape shape, int count, boolean accumulate) {
        int rows = GemmChecks.rowsOfA(shape);
        int columns = GemmChecks.columnsOfA(shape);
        int distance = rows * (columns + 2);
        Tensor a = Operand.uniform(1, "a", Shape.of(3 + count * distance)).tensor;
        MatrixBatch left = MatrixBatch.strided(new MatrixView(a, 3, columns + 2), count, distance);
        // The same b for all products, and results in any order.
        int rowsOfB = GemmChecks.rowsOfB(shape);
        Tensor b = Operand.uniform(2, "b", Shape.of(rowsOfB * GemmChecks.columnsOfB(shape))).tensor;
        MatrixBatch right = MatrixBatch.strided(MatrixView.of(b, GemmChecks.columnsOfB(shape)), count, 0);
        Operand expected = Operand.uniform(3, "c", Shape.of(count * shape.m() * shape.n()));
        Operand actual = expected.copy();
        SCALAR.gemmBatched(shape, left, right, results(shape, count, expected.tensor), accumulate);
        kernels.gemmBatched(shape, left, right, results(shape, count, actual.tensor), accumulate);
        actual.assertSameBits(count + " x " + shape + ", accumulate " + accumulate, expected);
    }

    private static MatrixBatch results(GemmShape shape, int count, Tensor memory) {
        MatrixView[] views = new MatrixView[count];
        for (int i = 0; i < count; i++) {
            views[i] = new MatrixView(memory, (count - 1 - i) * shape.m() * shape.n(), shape.n());
        }
        return MatrixBatch.of(views);
    }

    @Test
    void whatDoesNotFitIsRefusedInOneLine() {
        try (TensorCore core = open(1)) {
            for (MatrixKernels kernels : List.of(SCALAR, core.kernels().matrix())) {
                refusals(kernels);
            }
        }
    }

    private static void refusals(MatrixKernels kernels) {
        GemmShape shape = GemmShape.nn(2, 3, 4);
        MatrixView a = MatrixView.of(Operand.uniform(1, "a", Shape.of(8)).tensor, 4);
        MatrixView b = MatrixView.of(Operand.uniform(2, "b", Shape.of(12)).tensor, 3);
        MatrixView c = MatrixView.of(Operand.uniform(3, "c", Shape.of(6)).tensor, 3);
        MatrixView narrow = new MatrixView(b.tensor(), 0, 2);
        MatrixView late = new MatrixView(c.tensor(), 1, 3);
        PackedMatrix packed =
                new PackedMatrix(4, 3, Operand.uniform(4, "p", Shape.of(PackedMatrix.floats(4, 3))).tensor);
        refused(() -> kernels.gemm(shape, a, narrow, GemmEpilogue.NONE, c), "b has rows of 3 elements");
        refused(() -> kernels.gemm(shape, a, b, GemmEpilogue.NONE, late), "needs 7 elements");
        refused(() -> kernels.gemm(shape, packed, b, GemmEpilogue.NONE, c), "only b may be a packed matrix");
        refused(() -> kernels.gemm(shape, a, b, GemmEpilogue.NONE.withBias(a.tensor()), c), "column bias of 3");
        refused(() -> kernels.gemm(shape, a, b, GemmEpilogue.NONE.withResidual(late), c), "residual of 2 x 3");
        ActivationGradient summed = new ActivationGradient(a, Activation.RELU, a, c.tensor());
        refused(() -> kernels.gemm(shape, summed, b, GemmEpilogue.NONE, c), "sums over the rows of a");
        MatrixBatch two = MatrixBatch.strided(a, 2, 0);
        MatrixBatch one = MatrixBatch.of(b);
        refused(() -> kernels.gemmBatched(shape, two, one, MatrixBatch.of(c), false), "found 2 and 1");
        refused(() -> new PackedMatrix(40, 3, a.tensor()), "needs");
        assertThatIllegalStateException().isThrownBy(() -> kernels.gemm(shape, a, packed, GemmEpilogue.NONE, c));
        kernels.pack(b, false, packed);
        kernels.gemm(shape, a, packed, GemmEpilogue.NONE, c);
        packed.invalidate();
        assertThatIllegalStateException().isThrownBy(() -> kernels.gemm(shape, a, packed, GemmEpilogue.NONE, c));
    }

    /** Plans of memory are made on one machine and hold on others, whose vectors are wider or narrower. */
    @Test
    void memoryOfPackedMatricesIsTheSameOnEveryMachine() {
        assertThat(PackedMatrix.bytes(5, 1)).isEqualTo(64 * 5 * 4);
        assertThat(PackedMatrix.bytes(5, 130)).isEqualTo(3 * 64 * 5 * 4);
        for (int n = 1; n < 300; n++) {
            assertThat(PackedMatrix.bytes(5, n)).as("n = %d", n).isGreaterThanOrEqualTo(RightPanels.bytes(n, 5));
        }
    }

    private static void refused(Runnable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call::run).withMessageContaining(message);
    }

    private static TensorCore open(int threads) {
        return TensorCore.open(new TensorCoreOptions(threads, KernelChoice.VECTOR));
    }
}
