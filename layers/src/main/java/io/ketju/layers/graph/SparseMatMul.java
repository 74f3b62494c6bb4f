package io.ketju.layers.graph;

import io.ketju.layers.Footprint;
import io.ketju.layers.Inputs;
import io.ketju.layers.IntRange;
import io.ketju.layers.Layer;
import io.ketju.layers.Pass;
import io.ketju.layers.Port;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.sparse.CsrMatrix;
import io.ketju.tensor.kernel.sparse.CsrTransposition;
import java.util.List;
import java.util.Optional;

/**
 * The product of a sparse matrix A [rows, columns] with x [columns, features], to [rows, features], as <a
 * href="https://pytorch.org/docs/stable/generated/torch.sparse.mm.html">torch.sparse.mm</a>: what graph networks propagate
 * by. Inputs are x and A in compressed rows, mostly constants of the model: row pointers int32 [rows + 1], column indexes
 * int32 [elements], values float32 [elements]. The gradient of x is {@code Aᵀ · gradient}; values that are computed have one
 * too. No parameters. All rows of A
 * are one sample: nodes of a graph depend on each other.
 */
public record SparseMatMul() implements Layer {
    public static final Entry<Layer> ENTRY = Description.of("SparseMatMul", "The product of a sparse matrix with rows of features")
            .formula("y = A · x")
            .shapes("x [columns, features]; A in compressed rows: row pointers int32 [rows + 1], column indexes int32"
                    + " [elements], values [elements]; to [rows, features]")
            .source("torch.sparse.mm")
            .always(new SparseMatMul());

    private static final int X = 0;
    private static final int ROW_POINTERS = 1;
    private static final int COLUMN_INDEXES = 2;
    private static final int VALUES = 3;

    @Override
    public Spec spec() {
        return Spec.of("SparseMatMul");
    }

    @Override
    public List<TensorType> outputs(List<TensorType> inputs) {
        Inputs.require(inputs, 4);
        Inputs.requireFloats(inputs, X);
        Inputs.requireInts(inputs, ROW_POINTERS);
        Inputs.requireInts(inputs, COLUMN_INDEXES);
        Inputs.requireFloats(inputs, VALUES);
        Shape x = inputs.get(X).shape();
        Shape pointers = inputs.get(ROW_POINTERS).shape();
        Shape columns = inputs.get(COLUMN_INDEXES).shape();
        if (x.rank() != 2
                || pointers.rank() != 1
                || pointers.dimension(0) < 2
                || columns.rank() != 1
                || !columns.equals(inputs.get(VALUES).shape())) {
            throw new IllegalArgumentException(
                    "expected [columns, features], row pointers [rows + 1], column indexes [elements] and values "
                            + "[elements], found " + inputs);
        }
        return List.of(TensorType.floats(pointers.dimension(0) - 1, x.dimension(1)));
    }

    /** Of columns and of row ends one by one; what more makes a matrix of them, forward checks. */
    @Override
    public Optional<IntRange> range(int input, List<TensorType> inputs) {
        return switch (input) {
            case ROW_POINTERS ->
                Optional.of(IntRange.below(
                        "a row pointer", inputs.get(VALUES).shape().elements() + 1));
            case COLUMN_INDEXES ->
                Optional.of(IntRange.below("a column", inputs.get(X).shape().dimension(0)));
            default -> Optional.empty();
        };
    }

    /** Backward works in the transposed matrix: its row pointers, column indexes and values, and the next place of each row. */
    @Override
    public Footprint footprint(List<TensorType> inputs) {
        int columns = inputs.get(X).shape().dimension(0);
        return Footprint.NOTHING
                .inputGradientReading(
                        Port.input(X), Port.input(ROW_POINTERS), Port.input(COLUMN_INDEXES), Port.input(VALUES))
                .workingIn(
                        TensorType.ints(columns + 1),
                        inputs.get(COLUMN_INDEXES),
                        inputs.get(VALUES),
                        TensorType.ints(columns));
    }

    @Override
    public long forwardFlops(List<TensorType> inputs) {
        return 2L
                * inputs.get(VALUES).shape().elements()
                * inputs.get(X).shape().dimension(1);
    }

    @Override
    public void forward(Pass pass) {
        Tensor x = pass.input(X);
        pass.kernels().sparse().multiply(matrix(pass, x.shape().dimension(0)), x, pass.output(0));
    }

    @Override
    public void backwardInput(Pass pass) {
        Tensor x = pass.input(X);
        CsrMatrix a = matrix(pass, x.shape().dimension(0));
        if (pass.wantsGradient(X)) {
            pass.kernels().sparse().multiply(transposed(a, pass), pass.gradOutput(0), pass.gradInput(X));
        }
        if (pass.wantsGradient(VALUES)) {
            pass.kernels().sparse().backwardValues(a, pass.gradOutput(0), x, pass.gradInput(VALUES));
        }
    }

    /** Checks the structure, so that kernels index nothing that is not there. */
    private static CsrMatrix matrix(Pass pass, int columns) {
        Tensor pointers = pass.input(ROW_POINTERS);
        return new CsrMatrix(
                pointers.elements() - 1, columns, pointers, pass.input(COLUMN_INDEXES), pass.input(VALUES));
    }

    private static CsrMatrix transposed(CsrMatrix a, Pass pass) {
        return CsrTransposition.of(a, pass.workspace(0), pass.workspace(1), pass.workspace(2), pass.workspace(3));
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
