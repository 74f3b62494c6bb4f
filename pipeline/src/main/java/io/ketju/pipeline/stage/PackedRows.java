package io.ketju.pipeline.stage;

import io.ketju.layers.Parameter;
import io.ketju.layers.TouchedRows;
import io.ketju.layers.model.TableRows;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.indexing.IndexingKernels;
import io.ketju.tensor.memory.TensorLease;

/**
 * The rows of a sparse gradient on their way to another stage, as one float32 tensor of 1 + n (1 + columns) elements:
 *
 * <pre>
 * n | which rows, n, ascending | the rows, n × columns
 * </pre>
 *
 * The first two are whole numbers, as their bits.
 *
 * @param table shape of the whole gradient
 */
public record PackedRows(Shape table) {
    /**
     * {@return the type of the largest that can travel of a parameter's gradient: all of it, if it is not sparse}
     *
     * @param parameter of any shape
     */
    public static TensorType largest(Parameter parameter) {
        Shape shape = parameter.shape();
        return parameter.sparse() ? new PackedRows(shape).type(shape.dimension(0)) : TensorType.floats(shape);
    }

    /** A gradient on its way, in one of these buffers: whole, or the rows that it has. */
    static TensorLease send(Kernels kernels, OutputBuffers buffers, int buffer, TableRows gradient) {
        TouchedRows touched = gradient.rows();
        if (touched == null) {
            return buffers.send(buffer, gradient.tensor());
        }
        PackedRows rows = new PackedRows(gradient.tensor().shape());
        TensorLease lease = buffers.lease(buffer, rows.type(touched.count()));
        rows.pack(kernels, gradient.tensor(), touched, lease.tensor());
        return lease;
    }

    /** Puts what {@link #send} has sent into a gradient that is zero. */
    static void take(Kernels kernels, Tensor arrived, TableRows gradient) {
        TouchedRows touched = gradient.rows();
        if (touched == null) {
            gradient.tensor().copyFrom(arrived);
            return;
        }
        PackedRows packed = new PackedRows(gradient.tensor().shape());
        Tensor rows = packed.rows(arrived);
        kernels.indexing().putRows(packed.values(arrived), rows, gradient.tensor());
        touched.add(rows, IndexingKernels.NO_PADDING);
    }

    /** What travels where so many rows are there. */
    TensorType type(int count) {
        return TensorType.floats(Math.addExact(1, Math.multiplyExact(count, 1 + columns())));
    }

    private int columns() {
        return table.elements() / table.dimension(0);
    }

    /** Overwrites what travels. */
    void pack(Kernels kernels, Tensor gradient, TouchedRows touched, Tensor packed) {
        packed.setInt(0, touched.count());
        Tensor rows = rows(packed);
        touched.list(0, rows);
        kernels.indexing().embeddingForward(gradient, rows, values(packed));
    }

    /** int32 [n] */
    Tensor rows(Tensor packed) {
        int count = packed.getInt(0);
        long bytes = (long) count * Integer.BYTES;
        return new Tensor(packed.segment().asSlice(Integer.BYTES, bytes), DType.INT32, Shape.of(count));
    }

    /** [n, columns] */
    Tensor values(Tensor packed) {
        int count = packed.getInt(0);
        return packed.samples(1 + count, count * columns()).view(Shape.of(count, columns()));
    }
}
