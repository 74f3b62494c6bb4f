package io.ketju.tensor.kernel.normalization;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.kernel.normalization.BatchNorm.Epilogue;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Affine;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.BatchNormOperands;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.ChannelStatistics;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Gradients;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.PlaneSums;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.RowStatistics;
import io.ketju.tensor.testing.InlineTiles;
import io.ketju.tensor.testing.Operand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Vector normalization against the scalar one, bit for bit, every operand with its guard. At every vector width. */
class NormalizationVectorTest {
    private static final double EPSILON = 1e-5;
    private static final int[][] PLANES = {
        {2, 1, 1},
        {5, 17, 1},
        {300, 33, 1},
        {600, 100, 1},
        {1, 1, 2},
        {2, 3, 15},
        {3, 2, 16},
        {2, 5, 17},
        {4, 3, 33},
        {2, 3, 49},
        {3, 2, 100},
        {1, 2, Sizes.BLOCK + 37},
        {3, 20, 1024}
    };
    private static final int[][] ROWS = {
        {0, 5},
        {1, 1},
        {2, 3},
        {3, 4},
        {5, 7},
        {4, 8},
        {9, 15},
        {33, 16},
        {70, 17},
        {31, 33},
        {65, 100},
        {8, 768},
        {2, 2 * Sizes.BLOCK + 5},
        {100, 333}
    };
    private static final TensorCore THREADS = TensorCore.open(3);
    private static final List<NormalizationKernels> VECTOR = List.of(
            new VectorNormalization(new InlineTiles()), THREADS.kernels().normalization());

    private final NormalizationKernels scalar = new ScalarNormalization();

    @AfterAll
    static void close() {
        THREADS.close();
    }

    /** One call of a kernel. */
    private interface Call {
        void run(NormalizationKernels kernels, List<Tensor> operands);
    }

    @Test
    void batchNormForward() {
        planes((norm, special) -> {
            Affine none = Affine.NONE;
            Shape all = Shape.of(norm.elements());
            Shape channels = Shape.of(norm.channels());
            // x, residual, gamma, beta, mean, variance, y
            List<Operand> operands =
                    operands(norm.hashCode(), special, all, all, channels, channels, channels, channels, all);
            boolean adds = norm.epilogue() == Epilogue.ADD_RELU;
            same("forward " + norm, operands, (kernels, t) -> {
                Affine affine = new Affine(t.get(2), t.get(3));
                ChannelStatistics saved = new ChannelStatistics(t.get(4), t.get(5));
                kernels.batchNormForward(norm, affine, t.get(0), adds ? t.get(1) : null, saved, t.get(6));
            });
            same(
                    "statistics " + norm,
                    operands,
                    (kernels, t) ->
                            kernels.batchNormStatistics(norm, t.get(0), new ChannelStatistics(t.get(4), t.get(5))));
            same("normalize in place without affine " + norm, operands, (kernels, t) -> {
                ChannelStatistics given = new ChannelStatistics(t.get(4), t.get(5));
                kernels.batchNormNormalize(norm, none, t.get(0), adds ? t.get(1) : null, given, t.get(0));
            });
        });
    }

    @Test
    void batchNormBackward() {
        planes((norm, special) -> {
            Shape all = Shape.of(norm.elements());
            Shape channels = Shape.of(norm.channels());
            // x, dy, y, dresidual, gamma, beta, mean, variance, dx, dgamma, dbeta
            List<Operand> operands = operands(
                    norm.hashCode(),
                    special,
                    all,
                    all,
                    all,
                    all,
                    channels,
                    channels,
                    channels,
                    channels,
                    all,
                    channels,
                    channels);
            positive(operands.get(7).tensor);
            for (boolean training : new boolean[] {true, false}) {
                for (int absent = 0; absent < 4; absent++) {
                    Call call = backward(norm, training, absent);
                    same("backward " + norm + " training " + training + " absent " + absent, operands, call);
                }
            }
        });
    }

    private static Call backward(BatchNorm norm, boolean training, int absent) {
        boolean adds = norm.epilogue() == Epilogue.ADD_RELU;
        boolean input = (absent & 1) == 0;
        boolean others = (absent & 2) == 0;
        return (kernels, t) -> {
            Tensor dresidual = adds && others ? t.get(3) : null;
            BatchNormOperands in = new BatchNormOperands(t.get(0), t.get(1), adds ? t.get(2) : null, dresidual);
            Affine affine = others ? new Affine(t.get(4), t.get(5)) : Affine.NONE;
            ChannelStatistics saved = new ChannelStatistics(t.get(6), t.get(7));
            // Without the gradient of the residual dx lies on dy.
            Tensor dx = others ? t.get(8) : t.get(1);
            Gradients out = new Gradients(input ? dx : null, others ? t.get(9) : null, t.get(10));
            if (training) {
                kernels.batchNormBackward(norm, affine, saved, in, out);
            } else {
                kernels.batchNormEvaluationBackward(norm, affine, saved, in, out);
            }
        };
    }

    @Test
    void batchNormPieces() {
        BatchNorm norm = new BatchNorm(7, 19, 5, EPSILON);
        Shape channels = Shape.of(norm.channels());
        Shape planes = Shape.of(7, 19);
        // sums, squares, shift, mean, variance, running mean, running variance
        List<Operand> operands = operands(3, false, planes, planes, channels, channels, channels, channels, channels);
        same("statistics from sums, commit", operands, (kernels, t) -> {
            ChannelStatistics batch = new ChannelStatistics(t.get(3), t.get(4));
            kernels.batchNormStatistics(norm, new PlaneSums(t.get(0), t.get(1), t.get(2)), batch);
            kernels.batchNormCommit(norm, 0.1, batch, new ChannelStatistics(t.get(5), t.get(6)));
        });
    }

    @Test
    void groupNorm() {
        int[][] shapes = {
            {2, 6, 1, 3},
            {3, 4, 15, 2},
            {2, 4, 16, 4},
            {1, 6, 17, 1},
            {0, 2, 3, 1},
            {5, 8, 49, 2},
            {2, 4, 1500, 1},
            {9, 32, 64, 8}
        };
        for (int[] s : shapes) {
            for (boolean special : new boolean[] {false, true}) {
                GroupNorm norm = new GroupNorm(s[0], s[1], s[2], s[3], EPSILON);
                Shape all = Shape.of(norm.elements());
                Shape channels = Shape.of(norm.channels());
                Shape rows = Shape.of(norm.rows());
                // x, y or dy, gamma, beta, mean, rstd, dx, dgamma, dbeta
                List<Operand> operands = operands(
                        norm.hashCode(), special, all, all, channels, channels, rows, rows, all, channels, channels);
                same(
                        "forward " + norm,
                        operands,
                        (kernels, t) -> kernels.groupNormForward(
                                norm,
                                new Affine(t.get(2), t.get(3)),
                                t.get(0),
                                new RowStatistics(t.get(4), t.get(5)),
                                t.get(1)));
                same(
                        "backward " + norm,
                        operands,
                        (kernels, t) -> kernels.groupNormBackward(
                                norm,
                                t.get(2),
                                new RowStatistics(t.get(4), t.get(5)),
                                t.get(0),
                                t.get(1),
                                new Gradients(t.get(6), t.get(7), t.get(8))));
                same("plain " + norm, operands, (kernels, t) -> {
                    RowStatistics saved = new RowStatistics(t.get(4), t.get(5));
                    kernels.groupNormForward(norm, Affine.NONE, t.get(0), saved, t.get(0));
                    Gradients out = new Gradients(t.get(1), null, null);
                    kernels.groupNormBackward(norm, null, saved, t.get(0), t.get(1), out);
                    kernels.groupNormBackward(
                            norm, null, saved, t.get(0), t.get(1), new Gradients(null, t.get(7), null));
                });
            }
        }
    }

    @Test
    void layerNorm() {
        rows((norm, operands) -> {
            same(
                    "forward " + norm,
                    operands,
                    (kernels, t) -> kernels.layerNormForward(
                            norm,
                            new Affine(t.get(2), t.get(3)),
                            t.get(0),
                            new RowStatistics(t.get(4), t.get(5)),
                            t.get(1)));
            same(
                    "backward " + norm,
                    operands,
                    (kernels, t) -> kernels.layerNormBackward(
                            norm,
                            t.get(2),
                            new RowStatistics(t.get(4), t.get(5)),
                            t.get(0),
                            t.get(1),
                            new Gradients(t.get(6), t.get(7), t.get(8))));
            same("plain " + norm, operands, (kernels, t) -> {
                RowStatistics saved = new RowStatistics(t.get(4), t.get(5));
                kernels.layerNormForward(norm, Affine.NONE, t.get(0), saved, t.get(0));
                Gradients out = new Gradients(t.get(1), null, null);
                kernels.layerNormBackward(norm, null, saved, t.get(0), t.get(1), out);
                kernels.layerNormBackward(norm, null, saved, t.get(0), t.get(1), new Gradients(null, null, t.get(8)));
            });
        });
    }

    @Test
    void rmsNorm() {
        rows((norm, operands) -> {
            same(
                    "forward " + norm,
                    operands,
                    (kernels, t) -> kernels.rmsNormForward(norm, t.get(2), t.get(0), t.get(5), t.get(1)));
            same(
                    "backward " + norm,
                    operands,
                    (kernels, t) -> kernels.rmsNormBackward(
                            norm, t.get(2), t.get(5), t.get(0), t.get(1), new Gradients(t.get(6), t.get(7), null)));
            same("plain " + norm, operands, (kernels, t) -> {
                kernels.rmsNormForward(norm, null, t.get(0), t.get(5), t.get(0));
                Gradients out = new Gradients(t.get(1), null, null);
                kernels.rmsNormBackward(norm, null, t.get(5), t.get(0), t.get(1), out);
            });
        });
    }

    private interface PlaneTest {
        void run(BatchNorm norm, boolean special);
    }

    private static void planes(PlaneTest test) {
        for (int[] s : PLANES) {
            for (Epilogue epilogue : Epilogue.values()) {
                for (boolean special : new boolean[] {false, true}) {
                    test.run(new BatchNorm(s[0], s[1], s[2], EPSILON, epilogue), special);
                }
            }
        }
    }

    private interface RowTest {
        void run(RowNorm norm, List<Operand> operands);
    }

    /** x, y or dy, gamma, beta, mean, rstd, dx, dgamma, dbeta. */
    private static void rows(RowTest test) {
        for (int[] s : ROWS) {
            for (boolean special : new boolean[] {false, true}) {
                RowNorm norm = new RowNorm(s[0], s[1], EPSILON);
                Shape all = Shape.of(s);
                Shape rows = Shape.of(s[0]);
                Shape columns = Shape.of(s[1]);
                test.run(norm, operands(s[1], special, all, all, columns, columns, rows, rows, all, columns, columns));
            }
        }
    }

    private static List<Operand> operands(long seed, boolean special, Shape... shapes) {
        List<Operand> operands = new ArrayList<>();
        for (Shape shape : Arrays.asList(shapes)) {
            String name = "operand " + operands.size();
            operands.add(special ? Operand.special(seed, name, shape) : Operand.uniform(seed, name, shape));
        }
        return operands;
    }

    private static void positive(Tensor tensor) {
        for (int i = 0; i < tensor.elements(); i++) {
            tensor.setFloat(i, Math.abs(tensor.getFloat(i)));
        }
    }

    /** The inputs are compared, too. */
    private void same(String what, List<Operand> operands, Call call) {
        List<Operand> expected = operands.stream().map(Operand::copy).toList();
        call.run(scalar, expected.stream().map(operand -> operand.tensor).toList());
        for (NormalizationKernels kernels : VECTOR) {
            List<Operand> actual = operands.stream().map(Operand::copy).toList();
            call.run(kernels, actual.stream().map(operand -> operand.tensor).toList());
            for (int i = 0; i < actual.size(); i++) {
                actual.get(i).assertSameBits(what + ", operand " + i, expected.get(i));
            }
        }
    }
}
