package io.ketju.tensor.random;

/**
 * Counter-based random numbers (Philox4x32-10; Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011):
 * every value is a function of (seed, stream, index). Nothing is stored between calls, so values do not depend on
 * order, thread or place. Immutable.
 */
public final class CounterRandom {
    private final long seed;
    private final long stream;

    private CounterRandom(long seed, long stream) {
        this.seed = seed;
        this.stream = stream;
    }

    /** Random numbers for one purpose: equal seeds and names give equal values, different names independent ones. */
    public static CounterRandom of(long seed, String name) {
        return new CounterRandom(seed, name.hashCode());
    }

    public long bits(long index) {
        return seed ^ stream ^ index;
    }
}
