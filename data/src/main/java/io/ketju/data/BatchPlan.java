package io.ketju.data;

import java.util.List;

/**
 * What one mini-batch is.
 *
 * @param index of the mini-batch, counted from 0 over all data epochs
 * @param dataEpoch that it belongs to, from 0
 * @param microbatches its parts, in order; at least one
 */
public record BatchPlan(long index, long dataEpoch, List<MicrobatchPlan> microbatches) {
    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if the index is negative or there is no micro-batch
     */
    public BatchPlan {
        microbatches = List.copyOf(microbatches);
        if (index < 0 || microbatches.isEmpty()) {
            throw new IllegalArgumentException("batch " + index + " of " + microbatches.size() + " micro-batches");
        }
    }

    /** {@return the number of samples of the whole mini-batch} */
    public int samples() {
        return firstSample(microbatches.size());
    }

    /**
     * {@return the position in the mini-batch of a micro-batch's first sample, from 0}
     *
     * @param microbatch from 0; their number gives {@link #samples}
     */
    public int firstSample(int microbatch) {
        int samples = 0;
        for (int m = 0; m < microbatch; m++) {
            samples += microbatches.get(m).samples();
        }
        return samples;
    }
}
