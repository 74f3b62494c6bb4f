package io.ketju.tensor.kernel.matrix;

import io.ketju.tensor.Tensor;

/** Whether operands fit the shape of a product. */
final class GemmChecks {
    private GemmChecks() {}

    /** Dense operands, each of exactly as many elements as the shape says. */
    static void dense(GemmShape shape, Tensor a, Tensor b, Tensor c) {
        dense("a", a, (long) shape.m() * shape.k(), shape);
        dense("b", b, (long) shape.k() * shape.n(), shape);
        dense("c", c, (long) shape.m() * shape.n(), shape);
    }

    static void dense(String name, Tensor operand, long elements, GemmShape shape) {
        if (operand.elements() != elements) {
            throw new IllegalArgumentException(
                    shape + " needs " + elements + " elements in " + name + ", got " + operand);
        }
    }

    /** Operands within tensors. */
    static void views(GemmShape shape, MatrixOperand a, MatrixOperand b, MatrixView c) {
        switch (a) {
            case MatrixView view -> view.check("a", rowsOfA(shape), columnsOfA(shape));
            case ActivationGradient gradient ->
                gradient.check("a", rowsOfA(shape), columnsOfA(shape), shape.layout() == GemmShape.Layout.TN);
            case PackedMatrix packed -> throw new IllegalArgumentException("only b may be a " + packed + ", not a");
        }
        switch (b) {
            case MatrixView view -> view.check("b", rowsOfB(shape), columnsOfB(shape));
            case ActivationGradient gradient ->
                gradient.check("b", rowsOfB(shape), columnsOfB(shape), shape.layout() != GemmShape.Layout.NT);
            case PackedMatrix packed -> packed.check(shape);
        }
        c.check("c", shape.m(), shape.n());
    }

    static void batches(GemmShape shape, MatrixBatch a, MatrixBatch b, MatrixBatch c) {
        if (a.count() != c.count() || b.count() != c.count()) {
            throw new IllegalArgumentException(
                    "expected as many a and b as c, " + c.count() + ", found " + a.count() + " and " + b.count());
        }
        a.check("a", rowsOfA(shape), columnsOfA(shape));
        b.check("b", rowsOfB(shape), columnsOfB(shape));
        c.check("c", shape.m(), shape.n());
    }

    static void packing(MatrixView b, boolean transposed, PackedMatrix packed) {
        b.check("b", transposed ? packed.n() : packed.k(), transposed ? packed.k() : packed.n());
    }

    static int rowsOfA(GemmShape shape) {
        return shape.layout() == GemmShape.Layout.TN ? shape.k() : shape.m();
    }

    static int columnsOfA(GemmShape shape) {
        return shape.layout() == GemmShape.Layout.TN ? shape.m() : shape.k();
    }

    static int rowsOfB(GemmShape shape) {
        return shape.layout() == GemmShape.Layout.NT ? shape.n() : shape.k();
    }

    static int columnsOfB(GemmShape shape) {
        return shape.layout() == GemmShape.Layout.NT ? shape.k() : shape.n();
    }
}
