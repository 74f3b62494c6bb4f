package io.ketju.tensor.kernel.matrix;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.activation.Activation;
import io.ketju.tensor.kernel.activation.ScalarActivations;
import io.ketju.tensor.simd.ColumnSum;
import java.lang.foreign.Arena;

/**
 * Matrix products as plain loops: the definition that the vector kernels are tested against. What those fuse is here one
 * kernel after the other, over all of the matrix.
 */
public final class ScalarMatrix implements MatrixKernels {
    private final ScalarActivations activations = new ScalarActivations();

    /** Kernels without state: one object serves all threads. */
    public ScalarMatrix() {}

    @Override
    public void gemm(GemmShape shape, Tensor a, Tensor b, Tensor c) {
        dense(shape, a, b, c, false);
    }

    @Override
    public void gemmAccumulate(GemmShape shape, Tensor a, Tensor b, Tensor c) {
        dense(shape, a, b, c, true);
    }

    @Override
    public void gemmBias(GemmShape shape, Tensor a, Tensor b, Tensor bias, Tensor c) {
        GemmChecks.dense("bias", bias, shape.n(), shape);
        dense(shape, a, b, c, false);
        finish(shape, GemmEpilogue.NONE.withBias(bias), MatrixView.of(c, shape.n()));
    }

    @Override
    public void gemm(GemmShape shape, MatrixOperand a, MatrixOperand b, GemmEpilogue epilogue, MatrixView c) {
        general(shape, a, b, epilogue, c, false);
    }

    @Override
    public void gemmAccumulate(GemmShape shape, MatrixOperand a, MatrixOperand b, GemmEpilogue epilogue, MatrixView c) {
        general(shape, a, b, epilogue, c, true);
    }

    @Override
    public void gemmBatched(GemmShape shape, MatrixBatch a, MatrixBatch b, MatrixBatch c, boolean accumulate) {
        GemmChecks.batches(shape, a, b, c);
        for (int i = 0; i < c.count(); i++) {
            product(shape, a.get(i), b.get(i), c.get(i), accumulate);
        }
    }

    @Override
    public void pack(MatrixView b, boolean transposed, PackedMatrix packed) {
        GemmChecks.packing(b, transposed, packed);
        for (int k = 0; k < packed.k(); k++) {
            for (int j = 0; j < packed.n(); j++) {
                packed.memory().setFloat(k * packed.n() + j, transposed ? b.get(j, k) : b.get(k, j));
            }
        }
        packed.markPacked();
    }

    @Override
    public void sumRowsAccumulate(Tensor x, Tensor sums) {
        int columns = sums.elements();
        int rows = columns == 0 ? 0 : x.elements() / columns;
        ColumnSum sum = new ColumnSum();
        for (int j = 0; j < columns; j++) {
            sum.start();
            for (int i = 0; i < rows; i++) {
                sum.add(x.getFloat(i * columns + j));
            }
            sums.setFloat(j, sums.getFloat(j) + sum.result());
        }
    }

    private static void dense(GemmShape shape, Tensor a, Tensor b, Tensor c, boolean accumulate) {
        GemmChecks.dense(shape, a, b, c);
        MatrixView left = MatrixView.of(a, GemmChecks.columnsOfA(shape));
        MatrixView right = MatrixView.of(b, GemmChecks.columnsOfB(shape));
        product(shape, left, right, MatrixView.of(c, shape.n()), accumulate);
    }

    private void general(
            GemmShape shape,
            MatrixOperand a,
            MatrixOperand b,
            GemmEpilogue epilogue,
            MatrixView c,
            boolean accumulate) {
        GemmChecks.views(shape, a, b, c);
        epilogue.check(shape);
        try (Arena arena = Arena.ofConfined()) {
            MatrixView left = plain(a, GemmChecks.rowsOfA(shape), GemmChecks.columnsOfA(shape), arena);
            MatrixView right = plain(b, GemmChecks.rowsOfB(shape), GemmChecks.columnsOfB(shape), arena);
            // What was packed is no longer transposed.
            boolean turned = b instanceof PackedMatrix && shape.layout() == GemmShape.Layout.NT;
            GemmShape product = turned ? GemmShape.nn(shape.m(), shape.n(), shape.k()) : shape;
            product(product, left, right, c, accumulate);
        }
        finish(shape, epilogue, c);
    }

    /** The operand as a matrix, after its own computations. */
    private MatrixView plain(MatrixOperand operand, int rows, int columns, Arena arena) {
        return switch (operand) {
            case MatrixView view -> view;
            case PackedMatrix packed -> MatrixView.of(packed.memory(), packed.n());
            case ActivationGradient gradient -> {
                Tensor dx = dense(gradient.dy(), rows, columns, arena);
                Tensor saved = dense(gradient.saved(), rows, columns, arena);
                activations.backward(gradient.activation(), saved, dx, dx);
                if (gradient.sums() != null) {
                    sumRowsAccumulate(dx, gradient.sums());
                }
                yield MatrixView.of(dx, columns);
            }
        };
    }

    private void finish(GemmShape shape, GemmEpilogue epilogue, MatrixView c) {
        for (int i = 0; i < shape.m(); i++) {
            for (int j = 0; j < shape.n(); j++) {
                float value = c.get(i, j);
                value = epilogue.columnBias() == null
                        ? value
                        : value + epilogue.columnBias().getFloat(j);
                value = epilogue.rowBias() == null
                        ? value
                        : value + epilogue.rowBias().getFloat(i);
                c.set(i, j, value);
                if (epilogue.preActivation() != null) {
                    epilogue.preActivation().set(i, j, value);
                }
            }
        }
        if (epilogue.activation() != null) {
            activate(shape, epilogue.activation(), c);
        }
        for (int i = 0; epilogue.residual() != null && i < shape.m(); i++) {
            for (int j = 0; j < shape.n(); j++) {
                c.set(i, j, c.get(i, j) + epilogue.residual().get(i, j));
            }
        }
    }

    private void activate(GemmShape shape, Activation activation, MatrixView c) {
        try (Arena arena = Arena.ofConfined()) {
            Tensor values = dense(c, shape.m(), shape.n(), arena);
            activations.forward(activation, values, values);
            for (int i = 0; i < shape.m(); i++) {
                for (int j = 0; j < shape.n(); j++) {
                    c.set(i, j, values.getFloat(i * shape.n() + j));
                }
            }
        }
    }

    private static Tensor dense(MatrixView view, int rows, int columns, Arena arena) {
        Shape shape = Shape.of(rows, columns);
        Tensor copy = new Tensor(arena.allocate(Math.max(4, shape.bytes())), DType.FLOAT32, shape);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                copy.setFloat(i * columns + j, view.get(i, j));
            }
        }
        return copy;
    }

    private static void product(GemmShape shape, MatrixView a, MatrixView b, MatrixView c, boolean accumulate) {
        BlockedSum sum = new BlockedSum();
        boolean transposedA = shape.layout() == GemmShape.Layout.TN;
        boolean transposedB = shape.layout() == GemmShape.Layout.NT;
        for (int i = 0; i < shape.m(); i++) {
            for (int j = 0; j < shape.n(); j++) {
                sum.startAt(accumulate ? c.get(i, j) : 0);
                for (int k = 0; k < shape.k(); k++) {
                    sum.add(transposedA ? a.get(k, i) : a.get(i, k), transposedB ? b.get(j, k) : b.get(k, j));
                }
                c.set(i, j, sum.result());
            }
        }
    }
}
