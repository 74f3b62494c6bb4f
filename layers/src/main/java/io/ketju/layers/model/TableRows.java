package io.ketju.layers.model;

import io.ketju.layers.Parameter;
import io.ketju.layers.TouchedRows;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * A tensor of which some rows count: the gradient of one use of a parameter, or a value whose update has changed some.
 *
 * @param tensor all rows, in the parameter's shape; those of a gradient that do not count are zeros
 * @param rows which; null for all, as of all but tables
 */
public record TableRows(Tensor tensor, @Nullable TouchedRows rows) {
    /** A gradient for one use of a parameter. */
    static TableRows gradient(TensorArena arena, Parameter parameter) {
        Shape shape = parameter.shape();
        return new TableRows(arena.allocate(shape), parameter.sparse() ? new TouchedRows(shape.dimension(0)) : null);
    }

    /** Sets to zero what is not. */
    void clear() {
        if (rows == null) {
            tensor.clear();
        } else {
            rows.clear(tensor);
        }
    }

    /** Something was added that may be in any row. */
    public void touchAll() {
        if (rows != null) {
            rows.addAll();
        }
    }
}
