package io.ketju.pipeline.stage;

import io.ketju.pipeline.program.MicrobatchSplit;
import java.util.List;

/**
 * One mini-batch granted to all stages.
 *
 * @param number counts all windows of one incarnation from 0, whatever they are for
 * @param phase whether weights are updated
 * @param step the optimizer step that ends this window, from 1; otherwise the last step that was taken
 * @param samples samples in the mini-batch
 * @param microbatches number of micro-batches, 1 to samples; their sizes are those of {@link MicrobatchSplit}
 * @param denominators what the sum of each loss is divided by, in the order of the model's heads: what the targets of
 *     the whole mini-batch weigh; none when predicting
 */
public record Window(long number, Phase phase, long step, int samples, int microbatches, List<Double> denominators) {
    /** What a window is for. */
    public enum Phase {
        /** Forward and backward; an optimizer step ends it. */
        TRAIN,
        /** Forward with losses. */
        EVALUATE,
        /** Forward without losses: the outputs of the model go to whoever gave the batch. */
        PREDICT
    }

    public Window {
        denominators = List.copyOf(denominators);
        if (number < 0 || microbatches < 1 || samples < microbatches) {
            throw new IllegalArgumentException("window " + number + ": needs 1 <= micro-batches <= samples, got "
                    + microbatches + " micro-batches, " + samples + " samples");
        }
        for (double denominator : denominators) {
            if (!(denominator > 0 && Double.isFinite(denominator))) {
                throw new IllegalArgumentException(
                        "window " + number + ": expected targets that weigh more than 0, found " + denominator
                                + " in all; a mini-batch of which no target counts cannot be learnt from");
            }
        }
    }

    /** Of a model with one loss. */
    public Window(long number, Phase phase, long step, int samples, int microbatches, double denominator) {
        this(number, phase, step, samples, microbatches, List.of(denominator));
    }

    /** One that predicts. */
    public static Window predicting(long number, long step, int samples, int microbatches) {
        return new Window(number, Phase.PREDICT, step, samples, microbatches, List.of());
    }

    /** The same with what its targets weigh. */
    public Window withDenominators(List<Double> known) {
        return new Window(number, phase, step, samples, microbatches, known);
    }

    /** How the samples are cut into micro-batches. */
    public MicrobatchSplit split() {
        return new MicrobatchSplit(samples, microbatches);
    }
}
