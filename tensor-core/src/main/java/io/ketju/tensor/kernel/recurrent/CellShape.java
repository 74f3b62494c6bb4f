package io.ketju.tensor.kernel.recurrent;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;

/** Samples and hidden units of a step. */
record CellShape(int batch, int hidden) {
    /** Those of a state [B, H], which all given states share. */
    static CellShape of(Tensor... states) {
        Shape shape = states[0].shape();
        if (shape.rank() != 2) {
            throw new IllegalArgumentException("recurrent cell: expected states [batch, hidden], found " + shape);
        }
        CellShape cell = new CellShape(shape.dimension(0), shape.dimension(1));
        for (Tensor state : states) {
            cell.require(1, state);
        }
        return cell;
    }

    /** Throws unless all are [B, gates·H]. */
    void require(int gates, Tensor... operands) {
        Shape expected = Shape.of(batch, gates * hidden);
        for (Tensor operand : operands) {
            if (operand.dtype() != DType.FLOAT32 || !operand.shape().equals(expected)) {
                throw new IllegalArgumentException(
                        "recurrent cell: expected an operand float32" + expected + ", found " + operand);
            }
        }
    }
}
