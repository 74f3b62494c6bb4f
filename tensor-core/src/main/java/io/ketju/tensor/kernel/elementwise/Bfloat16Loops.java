package io.ketju.tensor.kernel.elementwise;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.loadInts;
import static io.ketju.tensor.simd.VectorMemory.store;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Conversions from and to bfloat16, as {@link Bfloat16} defines them. Whole vectors only. */
final class Bfloat16Loops {
    private Bfloat16Loops() {}

    /** Pairs of the elements at two addresses. */
    static void pack(long low, long high, long pairs, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            IntVector upper = rounded(loadInts(high + i)).lanewise(VectorOperators.LSHL, Bfloat16.BITS);
            store(rounded(loadInts(low + i)).or(upper), pairs + i);
        }
    }

    /** The lower halves of pairs, as floats. */
    static void low(long pairs, long unused, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(loadInts(pairs + i).lanewise(VectorOperators.LSHL, Bfloat16.BITS), y + i);
        }
    }

    /** The upper halves of pairs, as floats. */
    static void high(long pairs, long unused, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(loadInts(pairs + i).and(Bfloat16.UPPER), y + i);
        }
    }

    private static IntVector rounded(IntVector bits) {
        IntVector upper = bits.lanewise(VectorOperators.LSHR, Bfloat16.BITS);
        IntVector nearest = bits.add(upper.and(1)).add(Bfloat16.HALF).lanewise(VectorOperators.LSHR, Bfloat16.BITS);
        VectorMask<Integer> nan = bits.and(Integer.MAX_VALUE).compare(VectorOperators.GT, Bfloat16.INFINITY);
        return nearest.blend(upper.or(Bfloat16.QUIET), nan);
    }
}
