package io.ketju.tensor.kernel;

import static io.ketju.tensor.kernel.VectorWidth.SPECIES;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/** Vectors from and to tensor memory, by element index. */
final class VectorMemory {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private VectorMemory() {}

    static FloatVector load(MemorySegment segment, int index) {
        return FloatVector.fromMemorySegment(SPECIES, segment, (long) index * Float.BYTES, ORDER);
    }

    static void store(FloatVector vector, MemorySegment segment, int index) {
        vector.intoMemorySegment(segment, (long) index * Float.BYTES, ORDER);
    }

    /** Where the last full vector from {@code from} on ends. */
    static int vectorEnd(int from, int to) {
        return to - (to - from) % VectorWidth.LANES;
    }
}
