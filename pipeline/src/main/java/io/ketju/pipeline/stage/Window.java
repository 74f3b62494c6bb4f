package io.ketju.pipeline.stage;

import io.ketju.layers.model.Model;
import io.ketju.tensor.MicrobatchSplit;
import io.ketju.tensor.TensorType;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One mini-batch granted to all stages.
 *
 * @param number counts all windows of one incarnation from 0, whatever they are for
 * @param phase whether weights are updated
 * @param objective which of the recipe's objectives a training window is for; 0 where there are none
 * @param step the optimizer step that ends this window, from 1; otherwise the last step that was taken
 * @param parts its micro-batches, in order
 * @param denominators what the sum of each loss is divided by, in the order of the model's heads: what the targets of
 *     the whole mini-batch weigh; none when predicting
 * @param endsStep whether the step is complete with it: the window of the step's last objective; always where there are none
 * @param reductions how often the rates of a training window have been reduced, by a schedule that watches the run
 * @param drains whether all stages are done with it before the next begins: always where windows do not overlap, and with
 *     the last of every stretch of those that do
 * @param schedule which of the run's schedules a training window takes, from 0
 */
public record Window(
        long number,
        Phase phase,
        int objective,
        long step,
        List<Part> parts,
        List<Double> denominators,
        boolean endsStep,
        int reductions,
        boolean drains,
        int schedule) {
    /** What a window is for. */
    public enum Phase {
        /** Forward and backward; an optimizer step ends it. */
        TRAIN,
        /** Forward with losses. */
        EVALUATE,
        /** Forward without losses: the outputs of the model go to whoever gave the batch. */
        PREDICT
    }

    /**
     * What one micro-batch is.
     *
     * @param samples at least 1
     * @param inputs types of the model's inputs, in order; empty where they are the largest that so many samples can have
     */
    public record Part(int samples, List<TensorType> inputs) {
        /**
         * Copies the list.
         *
         * @throws IllegalArgumentException if it has no sample
         */
        public Part {
            inputs = List.copyOf(inputs);
            if (samples < 1) {
                throw new IllegalArgumentException("a micro-batch of " + samples + " samples");
            }
        }

        /**
         * {@return a micro-batch of the largest inputs}
         *
         * @param samples at least 1
         */
        public static Part of(int samples) {
            return new Part(samples, List.of());
        }

        /**
         * {@return a micro-batch of inputs of these types; one of the largest names none}
         *
         * @param model whose inputs they are
         * @param samples at least 1
         * @param inputs in the order of the model's
         */
        public static Part of(Model model, int samples, List<TensorType> inputs) {
            boolean largest = true;
            for (int i = 0; i < inputs.size(); i++) {
                largest &= inputs.get(i).equals(model.inputs().get(i).type(samples));
            }
            return largest ? of(samples) : new Part(samples, inputs);
        }

        /**
         * {@return micro-batches of the largest inputs: all samples, cut by {@link MicrobatchSplit}}
         *
         * @param samples of the mini-batch
         * @param microbatches from 1 to as many as samples
         */
        public static List<Part> split(int samples, int microbatches) {
            MicrobatchSplit split = new MicrobatchSplit(samples, microbatches);
            return IntStream.range(0, microbatches)
                    .mapToObj(m -> of(split.size(m)))
                    .toList();
        }
    }

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if a number is negative, there is no micro-batch, a denominator is not positive and finite, or a
     *     window that learns nothing does not drain
     */
    public Window {
        parts = List.copyOf(parts);
        denominators = List.copyOf(denominators);
        if (objective < 0 || reductions < 0 || schedule < 0) {
            throw new IllegalArgumentException("window " + number + ": no objective " + objective + ", or " + reductions
                    + " reductions, or schedule " + schedule);
        }
        if (!drains && phase != Phase.TRAIN) {
            throw new IllegalArgumentException("window " + number + " learns nothing, so it overlaps with none");
        }
        if (number < 0 || parts.isEmpty()) {
            throw new IllegalArgumentException("window " + number + " of " + parts.size() + " micro-batches");
        }
        for (double denominator : denominators) {
            if (!(denominator > 0 && Double.isFinite(denominator))) {
                throw new IllegalArgumentException(
                        "window " + number + ": expected targets that weigh more than 0, found " + denominator
                                + " in all; a mini-batch of which no target counts cannot be learnt from");
            }
        }
    }

    /**
     * One that ends its step, and drains.
     *
     * @param number counts from 0
     * @param phase whether weights are updated
     * @param objective which of the recipe's objectives; 0 where there are none
     * @param step the optimizer step that ends this window, from 1; otherwise the last step that was taken
     * @param parts its micro-batches, in order
     * @param denominators what the sum of each loss is divided by, in the order of the heads; none when predicting
     */
    public Window(long number, Phase phase, int objective, long step, List<Part> parts, List<Double> denominators) {
        this(number, phase, objective, step, parts, denominators, true, 0, true, 0);
    }

    /**
     * The same where there are no objectives.
     *
     * @param number counts from 0
     * @param phase whether weights are updated
     * @param step the optimizer step that ends this window, or the last that was taken
     * @param parts its micro-batches, in order
     * @param denominators in the order of the heads
     */
    public Window(long number, Phase phase, long step, List<Part> parts, List<Double> denominators) {
        this(number, phase, 0, step, parts, denominators);
    }

    /**
     * Of micro-batches of the largest inputs.
     *
     * @param number counts from 0
     * @param phase whether weights are updated
     * @param step the optimizer step that ends this window, or the last that was taken
     * @param samples of the mini-batch
     * @param microbatches from 1 to as many as samples
     * @param denominators in the order of the heads
     */
    public Window(long number, Phase phase, long step, int samples, int microbatches, List<Double> denominators) {
        this(number, phase, 0, step, Part.split(samples, microbatches), denominators);
    }

    /**
     * Of a model with one loss.
     *
     * @param number counts from 0
     * @param phase whether weights are updated
     * @param step the optimizer step that ends this window, or the last that was taken
     * @param samples of the mini-batch
     * @param microbatches from 1 to as many as samples
     * @param denominator what the sum of the losses is divided by
     */
    public Window(long number, Phase phase, long step, int samples, int microbatches, double denominator) {
        this(number, phase, step, samples, microbatches, List.of(denominator));
    }

    /**
     * {@return one that predicts, of micro-batches of the largest inputs}
     *
     * @param number counts from 0
     * @param step the last that was taken
     * @param samples of the mini-batch
     * @param microbatches from 1 to as many as samples
     */
    public static Window predicting(long number, long step, int samples, int microbatches) {
        return new Window(number, Phase.PREDICT, step, Part.split(samples, microbatches), List.of());
    }

    /**
     * {@return the same for another objective}
     *
     * @param other from 0
     */
    public Window withObjective(int other) {
        return new Window(number, phase, other, step, parts, denominators, endsStep, reductions, drains, schedule);
    }

    /**
     * {@return the same with what its targets weigh}
     *
     * @param known in the order of the heads
     */
    public Window withDenominators(List<Double> known) {
        return new Window(number, phase, objective, step, parts, known, endsStep, reductions, drains, schedule);
    }

    /**
     * {@return the same at another place of its step}
     *
     * @param ends whether the step is complete with it
     * @param reduced how often rates have been reduced
     */
    public Window withinStep(boolean ends, int reduced) {
        return new Window(number, phase, objective, step, parts, denominators, ends, reduced, drains, schedule);
    }

    /**
     * {@return the same, as the last of a stretch of overlapping windows or not}
     *
     * @param last whether it is
     */
    public Window draining(boolean last) {
        return new Window(number, phase, objective, step, parts, denominators, endsStep, reductions, last, schedule);
    }

    /**
     * {@return the same in the order of another of the run's schedules}
     *
     * @param other from 0
     */
    public Window scheduled(int other) {
        return new Window(number, phase, objective, step, parts, denominators, endsStep, reductions, drains, other);
    }

    /** {@return the number of micro-batches} */
    public int microbatches() {
        return parts.size();
    }

    /** {@return the number of samples in the mini-batch} */
    public int samples() {
        return firstSample(parts.size());
    }

    /**
     * {@return the index in the mini-batch of a micro-batch's first sample}
     *
     * @param microbatch index within the window; their number itself gives that of all samples
     */
    public int firstSample(int microbatch) {
        int samples = 0;
        for (int m = 0; m < microbatch; m++) {
            samples += parts.get(m).samples();
        }
        return samples;
    }
}
