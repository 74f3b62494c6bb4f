package io.ketju.benchmarks.kernels;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@code a = b + 0.5 c}, as McCalpin's STREAM has it: the memory's speed. */
final class Triad {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    /** Bytes of one tile of each array: a multiple of every vector's length. */
    private static final int TILE = 1 << 18;

    private final MemorySegment a;
    private final MemorySegment b;
    private final MemorySegment c;

    /** Sizes are equal, and a multiple of 16 elements. */
    Triad(Tensor a, Tensor b, Tensor c) {
        this.a = a.segment();
        this.b = b.segment();
        this.c = c.segment();
    }

    /** All of it, by all threads of the core. */
    void run(TensorCore core) {
        int tiles = (int) ((a.byteSize() + TILE - 1) / TILE);
        core.parallel(tiles, tile -> {
            long from = (long) tile * TILE;
            part(a, b, c, from, Math.min(from + TILE, a.byteSize()));
        });
    }

    private static void part(MemorySegment a, MemorySegment b, MemorySegment c, long from, long to) {
        FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
        for (long i = from; i < to; i += SPECIES.vectorByteSize()) {
            FloatVector sum = FloatVector.fromMemorySegment(SPECIES, c, i, ORDER)
                    .fma(half, FloatVector.fromMemorySegment(SPECIES, b, i, ORDER));
            sum.intoMemorySegment(a, i, ORDER);
        }
    }
}
