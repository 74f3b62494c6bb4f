package io.ketju.tensor.kernel.vocabulary;

import static io.ketju.tensor.simd.VectorMemory.getInt;
import static io.ketju.tensor.simd.VectorMemory.setInt;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.XOR;

import io.ketju.tensor.random.CounterRandom;
import io.ketju.tensor.simd.CompilationRoot;
import io.ketju.tensor.simd.VectorMemory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tokens drawn by their shares. One block of the random numbers, which are Philox4x32-10, lies in one lane of 64 bits, as
 * where dropout draws: it makes two numbers, which lie side by side in the end.
 */
record TokenDraws(TokenShares shares, CounterRandom random) {
    private static final VectorSpecies<Long> LONGS = VectorSpecies.of(long.class, SPECIES.vectorShape());
    private static final LongVector LANE = LongVector.zero(LONGS).addIndex(1);
    private static final LongVector LOW = LongVector.broadcast(LONGS, 0xffffffffL);
    private static final LongVector MULTIPLIER_0 = LongVector.broadcast(LONGS, CounterRandom.MULTIPLIER_0);
    private static final LongVector MULTIPLIER_1 = LongVector.broadcast(LONGS, CounterRandom.MULTIPLIER_1);
    private static final LongVector NUMBERS = LongVector.broadcast(LONGS, TokenShares.NUMBERS);

    /** Numbers that a vector of blocks makes. */
    private static final int STEP = 2 * LONGS.length();

    private static MethodHandle numbers = CompilationRoot.of(
            MethodHandles.lookup(), "numbers", void.class, CounterRandom.class, long.class, int.class, long.class);

    /** Those of so many indices from the first on, to an address. */
    void draw(long first, int count, long out) {
        int single = (int) Math.min(count, first & 1);
        int whole = (count - single) / STEP * STEP;
        for (int i = 0; i < single; i++) {
            setInt(out + 4L * i, random.below(first + i, TokenShares.NUMBERS));
        }
        try {
            numbers.invokeExact(random, (first + single) >>> 1, whole, out + 4L * single);
        } catch (Throwable e) {
            throw CompilationRoot.rethrow(e);
        }
        for (int i = single + whole; i < count; i++) {
            setInt(out + 4L * i, random.below(first + i, TokenShares.NUMBERS));
        }
        tokens(VectorMemory.address(shares.upTo()), VectorMemory.address(shares.guides()), count, out);
    }

    /** Numbers from a block on. */
    static void numbers(CounterRandom random, long block, int count, long out) {
        long seed = random.seed();
        long stream = random.streamNumber();
        for (int i = 0; i < count; i += STEP) {
            LongVector c0 = LANE.add(block + (i >> 1));
            LongVector c1 = c0.lanewise(LSHR, 32);
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
            // The upper half of the product of 64 bits with how many numbers there are, twice.
            LongVector low = c0.and(LOW).mul(NUMBERS).lanewise(LSHR, 32);
            LongVector one = c1.and(LOW).mul(NUMBERS).add(low).lanewise(LSHR, 32);
            low = c2.and(LOW).mul(NUMBERS).lanewise(LSHR, 32);
            LongVector other = c3.and(LOW).mul(NUMBERS).add(low).lanewise(LSHR, 32);
            LongVector two = one.or(other.lanewise(LSHL, 32));
            two.intoMemorySegment(VectorMemory.MEMORY, (out + 4L * i) & VectorMemory.ADDRESSES, VectorMemory.ORDER);
        }
    }

    /** Puts the token of each number in its place. */
    private void tokens(long upTo, long guides, int count, long out) {
        int last = shares.upTo().elements() - 1;
        for (int i = 0; i < count; i++) {
            int number = getInt(out + 4L * i);
            int token = getInt(guides + 4L * (number >>> TokenShares.SHIFT));
            while (token < last && getInt(upTo + 4L * token) <= number) {
                token++;
            }
            setInt(out + 4L * i, token);
        }
    }
}
