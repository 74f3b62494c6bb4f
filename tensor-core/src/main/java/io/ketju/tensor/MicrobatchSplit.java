package io.ketju.tensor;

/**
 * How the samples of a mini-batch are cut into micro-batches: consecutive, sizes differ by at most one, larger ones
 * first, as torch.tensor_split does.
 *
 * @param samples samples of the mini-batch, at least 1
 * @param microbatches number of micro-batches, 1 to samples
 */
public record MicrobatchSplit(int samples, int microbatches) {
    /**
     * Checks that no micro-batch is without samples.
     *
     * @throws IllegalArgumentException unless there is a micro-batch, and a sample for each
     */
    public MicrobatchSplit {
        if (microbatches < 1 || samples < microbatches) {
            throw new IllegalArgumentException(
                    "cannot split " + samples + " samples into " + microbatches + " micro-batches");
        }
    }

    /**
     * {@return a split into the wanted number of micro-batches, or into as many as there are samples if those are fewer}
     *
     * @param samples samples of the mini-batch, at least 1
     * @param wantedMicrobatches at least 1
     * @throws IllegalArgumentException if either is less than 1
     */
    public static MicrobatchSplit atMost(int samples, int wantedMicrobatches) {
        return new MicrobatchSplit(samples, Math.min(samples, wantedMicrobatches));
    }

    /**
     * {@return the number of samples of one micro-batch}
     *
     * @param microbatch from 0
     */
    public int size(int microbatch) {
        return samples / microbatches + (microbatch < samples % microbatches ? 1 : 0);
    }

    /** {@return the number of samples of the largest micro-batch, which is the first} */
    public int largest() {
        return size(0);
    }

    /**
     * {@return the micro-batch that a sample is in, from 0}
     *
     * @param sample index in the mini-batch, from 0
     */
    public int microbatchOf(int sample) {
        int small = samples / microbatches;
        int ofLarger = samples % microbatches * (small + 1);
        return sample < ofLarger ? sample / (small + 1) : samples % microbatches + (sample - ofLarger) / small;
    }

    /**
     * {@return the index in the mini-batch of a micro-batch's first sample}
     *
     * @param microbatch from 0
     */
    public int firstSample(int microbatch) {
        return microbatch * (samples / microbatches) + Math.min(microbatch, samples % microbatches);
    }
}
