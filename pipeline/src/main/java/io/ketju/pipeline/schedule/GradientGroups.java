package io.ketju.pipeline.schedule;

import io.ketju.tensor.MicrobatchSplit;

/**
 * How the micro-batches of a step are dealt to groups: each group adds its weight gradients up by itself, then the groups are
 * added up. That is a number of the recipe, because it decides in which order floats are added; whoever runs whole groups, and
 * wherever, comes to the same bits.
 *
 * <p>The sum of a parameter's gradients, exactly, for one use of the parameter:
 *
 * <ol>
 *   <li>Micro-batches are dealt in contiguous runs, by their index among the most that a step can have: of m over g groups the
 *       first m mod g groups have one more, as samples are split. Where a step is over several mini-batches, their
 *       micro-batches count through. An index is in the same group in every step: a step of fewer micro-batches has the first
 *       groups, and may have the last of these in part.
 *   <li>A group begins with +0 in every element, and its micro-batches add to that in their order, as a layer adds: blocks of
 *       a product straight into what is there. A forward that runs again adds nothing.
 *   <li>The sum begins as that of group 0; the others are added to it in their order, one addition for each element. Groups
 *       without micro-batches are left out, and so are rows of a sparse table that a group has not touched.
 *   <li>What follows sees the sum alone: further uses of a shared parameter, each of them summed so, are added in the order of
 *       the nodes, then penalties; norms, bounds and updates come after that. Each window of several objectives, and each of a
 *       searched step, has sums of its own.
 * </ol>
 *
 * @param count of groups, from 1 to as many as there are micro-batches
 * @param microbatches the most that a step can have
 */
public record GradientGroups(int count, int microbatches) {
    /** All micro-batches, of however many, together. */
    public static final GradientGroups ONE = new GradientGroups(1, 1);

    /**
     * Checks that each group has a micro-batch.
     *
     * @throws IllegalArgumentException if there are fewer than 1 or more groups than micro-batches
     */
    public GradientGroups {
        requireFit(count, microbatches);
    }

    /**
     * Checks that micro-batches can be dealt to groups, so that each has at least one.
     *
     * @param count of groups
     * @param microbatches the most that a step can have
     * @throws IllegalArgumentException if there are fewer than 1 or more groups than micro-batches
     */
    public static void requireFit(int count, int microbatches) {
        if (count < 1 || count > microbatches) {
            throw new IllegalArgumentException("expected from 1 to " + microbatches
                    + " gradient groups, as many as a step has micro-batches, found " + count);
        }
    }

    /**
     * {@return the group of a micro-batch, from 0}
     *
     * @param microbatch index within the step, from 0
     */
    public int of(int microbatch) {
        return count == 1 ? 0 : split().microbatchOf(microbatch);
    }

    /**
     * {@return the first micro-batch of a group}
     *
     * @param group from 0
     */
    public int first(int group) {
        return count == 1 ? 0 : split().firstSample(group);
    }

    /**
     * {@return how many micro-batches a group has in a step, perhaps none}
     *
     * @param group from 0
     * @param present micro-batches that the step has, at most those that it can have
     */
    public int size(int group, int present) {
        if (count == 1) {
            return present;
        }
        return Math.max(0, Math.min(split().size(group), present - first(group)));
    }

    /** The deal: micro-batches are to groups what samples are to micro-batches. */
    private MicrobatchSplit split() {
        return new MicrobatchSplit(microbatches, count);
    }
}
