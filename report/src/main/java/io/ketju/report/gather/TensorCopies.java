package io.ketju.report.gather;

import io.ketju.actors.run.TensorValues;
import io.ketju.tensor.DType;
import io.ketju.tensor.Tensor;

/** Tensors as values on the heap. */
final class TensorCopies {
    private TensorCopies() {}

    static TensorValues of(Tensor tensor) {
        int[] shape = tensor.shape().toArray();
        return tensor.dtype() == DType.FLOAT32
                ? TensorValues.of(tensor.toFloats(), shape)
                : TensorValues.of(ints(tensor), shape);
    }

    static int[] ints(Tensor tensor) {
        int[] values = new int[tensor.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = tensor.getInt(i);
        }
        return values;
    }
}
