package io.ketju.pipeline.stage;

/**
 * One mini-batch granted to all stages.
 *
 * @param number counts all windows of one incarnation from 0, training and evaluating alike
 * @param phase whether weights are updated
 * @param step the optimizer step that ends this window, from 1; when evaluating, the last step that was taken
 * @param samples samples in the mini-batch
 * @param microbatches number of micro-batches, 1 to samples; their sizes are those of {@link MicrobatchSplit}
 * @param denominator what the sum of losses is divided by: samples, or tokens that are not ignored
 */
public record Window(long number, Phase phase, long step, int samples, int microbatches, long denominator) {
    /** What a window is for. */
    public enum Phase {
        TRAIN,
        EVALUATE
    }

    public Window {
        if (number < 0 || microbatches < 1 || samples < microbatches || denominator < 1) {
            throw new IllegalArgumentException("window " + number
                    + ": needs 1 <= micro-batches <= samples and a positive"
                    + " denominator, got " + microbatches + " micro-batches, " + samples + " samples, denominator "
                    + denominator);
        }
    }

    /** How the samples are cut into micro-batches. */
    public MicrobatchSplit split() {
        return new MicrobatchSplit(samples, microbatches);
    }
}
