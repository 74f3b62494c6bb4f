package io.ketju.pipeline.stage;

import io.ketju.pipeline.program.MicrobatchSplit;
import java.util.List;

/**
 * One mini-batch granted to all stages.
 *
 * @param number counts all windows of one incarnation from 0, training and evaluating alike
 * @param phase whether weights are updated
 * @param objective which of the recipe's objectives a training window is for; 0 where there are none
 * @param step the optimizer step that ends this window, from 1; when evaluating, the last step that was taken
 * @param samples samples in the mini-batch
 * @param microbatches number of micro-batches, 1 to samples; their sizes are those of {@link MicrobatchSplit}
 * @param denominators what the sum of each loss is divided by, in the order of the model's heads: what the targets of
 *     the whole mini-batch weigh
 */
public record Window(
        long number, Phase phase, int objective, long step, int samples, int microbatches, List<Double> denominators) {
    /** What a window is for. */
    public enum Phase {
        TRAIN,
        EVALUATE
    }

    public Window {
        denominators = List.copyOf(denominators);
        if (objective < 0) {
            throw new IllegalArgumentException("window " + number + ": no objective " + objective);
        }
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
        this(number, phase, 0, step, samples, microbatches, List.of(denominator));
    }

    /** The same for another objective. */
    public Window withObjective(int other) {
        return new Window(number, phase, other, step, samples, microbatches, denominators);
    }

    /** The same with what its targets weigh. */
    public Window withDenominators(List<Double> known) {
        return new Window(number, phase, objective, step, samples, microbatches, known);
    }

    /** How the samples are cut into micro-batches. */
    public MicrobatchSplit split() {
        return new MicrobatchSplit(samples, microbatches);
    }
}
