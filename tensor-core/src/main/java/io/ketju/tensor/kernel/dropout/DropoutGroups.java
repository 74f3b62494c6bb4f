package io.ketju.tensor.kernel.dropout;

import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.XOR;

import io.ketju.tensor.random.CounterRandom;
import io.ketju.tensor.simd.LaneSum;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Dropout of groups of 32 elements, whose bits are the 8 blocks of Philox4x32-10 of the same numbers. One block lies in
 * one lane of 64 bits: the product of two words fills it, and two words of the result side by side are two floats' bits.
 */
record DropoutGroups(long seed, long stream, Use use, int threshold, float scale, float least) {
    /** What becomes of the random numbers. */
    enum Use {
        /** x times the scale where they reach the threshold, else 0. */
        DROP,
        /** They themselves, times the scale, plus the least. */
        DRAW
    }

    static final int GROUP = 32;

    private static final VectorSpecies<Long> LONGS = VectorSpecies.of(long.class, SPECIES.vectorShape());
    private static final LongVector LANE = LongVector.zero(LONGS).addIndex(1);
    private static final LongVector LOW = LongVector.broadcast(LONGS, 0xffffffffL);
    private static final LongVector MULTIPLIER_0 = LongVector.broadcast(LONGS, CounterRandom.MULTIPLIER_0);
    private static final LongVector MULTIPLIER_1 = LongVector.broadcast(LONGS, CounterRandom.MULTIPLIER_1);
    private static final int BLOCKS = 8;
    /** Floats of the first two words of all blocks of a group. */
    private static final int HALF = LaneSum.LANES;

    static DropoutGroups of(DropoutMask mask) {
        CounterRandom random = mask.random();
        return new DropoutGroups(random.seed(), random.streamNumber(), Use.DROP, mask.threshold(), mask.scale(), 0);
    }

    /** Numbers from low to high instead; nothing is read of x. */
    static DropoutGroups drawing(CounterRandom random, float low, float high) {
        return new DropoutGroups(random.seed(), random.streamNumber(), Use.DRAW, 0, high - low, low);
    }

    /** Whole groups from an index on, a multiple of their size. */
    void run(long index, int groups, long x, long y) {
        long block = index / GROUP * BLOCKS;
        for (int group = 0; group < groups; group++) {
            long at = group * (GROUP * 4L);
            for (int lane = 0; lane < HALF; lane += LANES) {
                part(block + (long) group * BLOCKS + lane / 2, x + at + lane * 4L, y + at + lane * 4L);
            }
        }
    }

    /** As many blocks as a register holds. */
    private void part(long block, long x, long y) {
        LongVector counter = LANE.add(block);
        LongVector c0 = counter;
        LongVector c1 = counter.lanewise(LSHR, 32);
        LongVector c2 = LongVector.broadcast(LONGS, stream);
        LongVector c3 = LongVector.broadcast(LONGS, stream >>> 32);
        long k0 = seed;
        long k1 = seed >>> 32;
        // The high halves of the lanes gather rubbish, which no product takes.
        for (int round = 0; round < CounterRandom.ROUNDS; round++) {
            LongVector p0 = c0.and(LOW).mul(MULTIPLIER_0);
            LongVector p1 = c2.and(LOW).mul(MULTIPLIER_1);
            c0 = p1.lanewise(LSHR, 32).lanewise(XOR, c1).lanewise(XOR, k0);
            c2 = p0.lanewise(LSHR, 32).lanewise(XOR, c3).lanewise(XOR, k1);
            c1 = p1;
            c3 = p0;
            k0 += CounterRandom.WEYL_0;
            k1 += CounterRandom.WEYL_1;
        }
        if (use == Use.DROP) {
            drop(numbers(c0, c1), x, y);
            drop(numbers(c2, c3), x + HALF * 4L, y + HALF * 4L);
        } else {
            draw(numbers(c0, c1), y);
            draw(numbers(c2, c3), y + HALF * 4L);
        }
    }

    private static IntVector numbers(LongVector even, LongVector odd) {
        return even.and(LOW).or(odd.lanewise(LSHL, 32)).reinterpretAsInts().lanewise(LSHR, 8);
    }

    private void draw(IntVector numbers, long y) {
        FloatVector uniform = ((FloatVector) numbers.convert(I2F, 0)).mul(DropoutMask.UNIT);
        store(uniform.fma(FloatVector.broadcast(SPECIES, scale), FloatVector.broadcast(SPECIES, least)), y);
    }

    private void drop(IntVector numbers, long x, long y) {
        VectorMask<Float> kept = numbers.compare(GE, threshold).cast(SPECIES);
        FloatVector zero = FloatVector.zero(SPECIES);
        store(zero.blend(load(x).mul(scale), kept), y);
    }
}
