package io.ketju.tests.simulation;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The bytes of a tensor on their way. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Frame(DType dtype, Shape shape, byte[] bytes) {
    static Frame of(Tensor tensor) {
        return new Frame(tensor.dtype(), tensor.shape(), tensor.segment().toArray(ValueLayout.JAVA_BYTE));
    }

    void copyTo(Tensor tensor) {
        tensor.segment().copyFrom(MemorySegment.ofArray(bytes));
    }

    Frame damaged() {
        byte[] other = bytes.clone();
        other[other.length / 2] ^= 1;
        return new Frame(dtype, shape, other);
    }
}
