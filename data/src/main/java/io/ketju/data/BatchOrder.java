package io.ketju.data;

import io.ketju.tensor.random.CounterRandom;
import java.util.stream.IntStream;

/** In which order the samples of a data epoch are taken: a function of its arguments and nothing else. */
public sealed interface BatchOrder {
    /** A permutation of 0 to size-1; the same for the same arguments, on every machine. */
    int[] samples(int size, long dataEpoch);

    /** The order of the dataset, in every data epoch: for evaluation. */
    static BatchOrder sequential() {
        return new Sequential();
    }

    /** Another random order in every data epoch, all of them fixed by the seed. */
    static BatchOrder shuffled(long seed) {
        return new Shuffled(seed);
    }

    /** See {@link #sequential}. */
    record Sequential() implements BatchOrder {
        @Override
        public int[] samples(int size, long dataEpoch) {
            return IntStream.range(0, size).toArray();
        }
    }

    /** See {@link #shuffled}. */
    record Shuffled(long seed) implements BatchOrder {
        @Override
        public int[] samples(int size, long dataEpoch) {
            return CounterRandom.of(seed, "shuffle").stream("" + dataEpoch).permutation(size);
        }
    }
}
