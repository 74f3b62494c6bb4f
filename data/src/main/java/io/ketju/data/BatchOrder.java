package io.ketju.data;

import io.ketju.tensor.random.CounterRandom;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** In which order the samples of a data epoch are taken: a function of its arguments and nothing else. */
public sealed interface BatchOrder {
    /**
     * {@return a permutation of 0 to size-1, the caller's own; the same for the same arguments, on every machine}
     *
     * @param size number of samples
     * @param dataEpoch from 0
     */
    int[] samples(int size, long dataEpoch);

    /** {@return the order of the dataset, in every data epoch: for evaluation} */
    static BatchOrder sequential() {
        return new Sequential();
    }

    /**
     * {@return another random order in every data epoch, all of them fixed by the seed}
     *
     * @param seed any number
     */
    static BatchOrder shuffled(long seed) {
        return new Shuffled(seed);
    }

    /**
     * Samples of similar length beside each other, in another random order in every data epoch: samples are shuffled, cut into
     * buckets of many batches, sorted by length within a bucket, and the batches of a bucket are shuffled again.
     *
     * @param seed fixes all orders; any number
     * @param batchSize samples of a batch
     * @param lengths of all samples
     * @return the order; only the last batch of a data epoch may have fewer samples than the others
     */
    static BatchOrder bucketed(long seed, int batchSize, int... lengths) {
        int[] own = lengths.clone();
        return bucketed(seed, batchSize, sample -> own[sample]);
    }

    /**
     * The same where somebody else has the lengths, which are not copied.
     *
     * @param seed fixes all orders; any number
     * @param batchSize samples of a batch
     * @param length of a sample by its number: each time the same, for any thread
     * @return the order
     */
    static BatchOrder bucketed(long seed, int batchSize, IntUnaryOperator length) {
        return new Bucketed(seed, batchSize, length);
    }

    /** See {@link #sequential}. */
    record Sequential() implements BatchOrder {
        @Override
        public int[] samples(int size, long dataEpoch) {
            return IntStream.range(0, size).toArray();
        }
    }

    /**
     * See {@link #shuffled}.
     *
     * @param seed fixes the orders of all data epochs
     */
    record Shuffled(long seed) implements BatchOrder {
        @Override
        public int[] samples(int size, long dataEpoch) {
            return CounterRandom.of(seed, "shuffle").stream("" + dataEpoch).permutation(size);
        }
    }

    /** See {@link #bucketed}. */
    final class Bucketed implements BatchOrder {
        private static final int BATCHES = 50;

        private final long seed;
        private final int batchSize;
        private final IntUnaryOperator length;

        private Bucketed(long seed, int batchSize, IntUnaryOperator length) {
            this.seed = seed;
            this.batchSize = batchSize;
            this.length = length;
        }

        @Override
        public int[] samples(int size, long dataEpoch) {
            CounterRandom random = CounterRandom.of(seed, "buckets").stream("" + dataEpoch);
            int[] shuffled = BatchOrder.shuffled(seed).samples(size, dataEpoch);
            int[] order = new int[size];
            int bucket = Math.multiplyExact(BATCHES, batchSize);
            for (int first = 0; first < size; first += bucket) {
                int end = (int) Math.min(size, (long) first + bucket);
                int[] sorted = Arrays.stream(shuffled, first, end)
                        .boxed()
                        .sorted(Comparator.comparingInt((Integer sample) -> length.applyAsInt(sample)))
                        .mapToInt(Integer::intValue)
                        .toArray();
                // A batch that is not full stays the last one.
                int full = sorted.length / batchSize;
                int[] batches = random.stream("" + first).permutation(full);
                for (int batch = 0; batch < full; batch++) {
                    System.arraycopy(sorted, batches[batch] * batchSize, order, first + batch * batchSize, batchSize);
                }
                int rest = sorted.length - full * batchSize;
                System.arraycopy(sorted, full * batchSize, order, first + full * batchSize, rest);
            }
            return order;
        }

        @Override
        public String toString() {
            return "Bucketed[seed=" + seed + ", batchSize=" + batchSize + ", batches=" + BATCHES + "]";
        }
    }
}
