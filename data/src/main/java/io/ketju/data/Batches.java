package io.ketju.data;

/**
 * Which samples each step takes: a function of (size, batch size, order, step), so a resumed run needs only its step
 * number. The last batch of a data epoch is as short as it comes out; no sample is dropped or taken twice.
 */
public final class Batches {
    private final int size;
    private final int batchSize;
    private final BatchOrder order;
    // Saves computing the permutation for every step of its epoch; safe to race on, both racers would store the same.
    private volatile Epoch latest;

    @SuppressWarnings("ArrayRecordComponent") // private, never compared
    private record Epoch(long number, int[] samples) {}

    /**
     * Fixes what the batches are made of, and computes the order of the first data epoch.
     *
     * @param size number of samples of the dataset, at least 1
     * @param batchSize samples in a full batch, at least 1; may exceed the size
     * @param order of the samples in each data epoch
     * @throws IllegalArgumentException if the size or the batch size is below 1
     */
    public Batches(int size, int batchSize, BatchOrder order) {
        if (size < 1 || batchSize < 1) {
            throw new IllegalArgumentException(
                    "expected at least 1 sample and a batch size of at least 1, got " + size + " and " + batchSize);
        }
        this.size = size;
        this.batchSize = batchSize;
        this.order = order;
        this.latest = new Epoch(0, order.samples(size, 0));
    }

    /** {@return the number of steps that one data epoch takes: size / batchSize, rounded up} */
    public int stepsPerEpoch() {
        return (int) (((long) size + batchSize - 1) / batchSize);
    }

    /**
     * {@return the number of steps that this many data epochs take}
     *
     * @param dataEpochs at least 0
     * @throws ArithmeticException if a long cannot count them
     */
    public long totalSteps(long dataEpochs) {
        return Math.multiplyExact(dataEpochs, stepsPerEpoch());
    }

    /**
     * {@return the samples of a step}
     *
     * @param step counted from 0 over all data epochs
     * @throws IllegalArgumentException if it is negative
     */
    public Batch batch(long step) {
        if (step < 0) {
            throw new IllegalArgumentException("step " + step);
        }
        long dataEpoch = step / stepsPerEpoch();
        int first = (int) (step % stepsPerEpoch()) * batchSize;
        Epoch epoch = latest;
        if (epoch.number() != dataEpoch) {
            epoch = new Epoch(dataEpoch, order.samples(size, dataEpoch));
            latest = epoch;
        }
        return new Batch(step, dataEpoch, epoch.samples(), first, Math.min(batchSize, size - first));
    }
}
