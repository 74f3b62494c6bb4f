package io.ketju.actors.message;

import io.ketju.pipeline.stage.Window;

/**
 * A window to come and its place in the run.
 *
 * @param number counts all windows of one incarnation from 0
 * @param phase whether its samples are learnt from or evaluated
 * @param objective which of the recipe's objectives a training window is for; 0 where there are none
 * @param step the optimizer step that it is part of, from 1; when evaluating, the last step that was taken
 * @param endsStep whether the step is complete with it: the window of the step's last objective; when evaluating, always.
 *     One of a step that searches is planned as its last, and {@link #goingOn} once it turns out not to be
 * @param epoch data epoch, from 1
 * @param batch index of its mini-batch: in training over all epochs, in evaluation within the test data
 * @param endsEpoch the last window of its data epoch, evaluation included
 * @param checkpoint whether a checkpoint is taken after it, before any later window is granted
 * @param reductions how often its learning rates have been reduced, by a schedule that watches the run
 * @param drains whether all stages are done with it before the next begins: see {@link Window#drains}
 */
public record PlannedWindow(
        long number,
        Window.Phase phase,
        int objective,
        long step,
        boolean endsStep,
        int epoch,
        long batch,
        boolean endsEpoch,
        boolean checkpoint,
        int reductions,
        boolean drains) {
    /**
     * With rates that nothing has reduced, and that overlaps with no other.
     *
     * @param number counts all windows of one incarnation from 0
     * @param phase whether its samples are learnt from or evaluated
     * @param objective index among the recipe's objectives, 0 where there are none
     * @param step the optimizer step that it is part of, from 1; when evaluating, the last step that was taken
     * @param endsStep whether it is the window of the step's last objective; when evaluating, true
     * @param epoch data epoch, from 1
     * @param batch index of its mini-batch, from 0
     * @param endsEpoch whether it is the last window of its data epoch
     * @param checkpoint whether a checkpoint is taken after it
     */
    public PlannedWindow(
            long number,
            Window.Phase phase,
            int objective,
            long step,
            boolean endsStep,
            int epoch,
            long batch,
            boolean endsEpoch,
            boolean checkpoint) {
        this(number, phase, objective, step, endsStep, epoch, batch, endsEpoch, checkpoint, 0, true);
    }

    /** {@return the same as the last of its stretch of overlapping windows} */
    public PlannedWindow draining() {
        return new PlannedWindow(
                number, phase, objective, step, endsStep, epoch, batch, endsEpoch, checkpoint, reductions, true);
    }

    /**
     * The same at another place in the sequence.
     *
     * @param other number that counts instead, from 0
     * @return a copy with that number
     */
    public PlannedWindow numbered(long other) {
        return new PlannedWindow(
                other, phase, objective, step, endsStep, epoch, batch, endsEpoch, checkpoint, reductions, drains);
    }

    /** {@return the same where its step goes on after it, so that neither step nor epoch ends with it and no checkpoint follows} */
    public PlannedWindow goingOn() {
        return new PlannedWindow(number, phase, objective, step, false, epoch, batch, false, false, reductions, drains);
    }

    /** {@return whether the window's samples are learnt from} */
    public boolean trains() {
        return phase == Window.Phase.TRAIN;
    }
}
