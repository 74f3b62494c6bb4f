package io.ketju.actors.coordinator;

import io.ketju.actors.message.PlannedWindow;
import io.ketju.pipeline.stage.Window.Phase;
import java.util.Optional;

/**
 * All windows of a run, in order: the mini-batches of a data epoch, then the test data, then the next epoch. A function
 * of the run's length and of the steps already taken, so that a resumed run goes on exactly where the first one stopped.
 */
public final class WindowSequence {
    private final RunLength length;
    private long number;
    private long step;
    private int testBatch;
    private boolean evaluating;

    /**
     * @param completedSteps steps taken before this start; with none left, the last evaluation is done again
     */
    public WindowSequence(RunLength length, long completedSteps) {
        if (completedSteps < 0 || completedSteps > length.totalSteps()) {
            throw new IllegalArgumentException(
                    completedSteps + " steps are done, but the job has only " + length.totalSteps());
        }
        this.length = length;
        this.step = completedSteps;
        this.evaluating = completedSteps == length.totalSteps();
    }

    /** The next window; empty when the run is complete. */
    public Optional<PlannedWindow> next() {
        if (evaluating && testBatch < length.testBatches()) {
            return Optional.of(evaluation());
        }
        evaluating = false;
        testBatch = 0;
        return step == length.totalSteps() ? Optional.empty() : Optional.of(training());
    }

    /** Whether {@link #next} has given all there is. */
    public boolean done() {
        return step == length.totalSteps() && !(evaluating && testBatch < length.testBatches());
    }

    private PlannedWindow training() {
        long batch = step++;
        evaluating = step % length.trainBatches() == 0;
        return plan(Phase.TRAIN, batch, evaluating && length.testBatches() == 0);
    }

    private PlannedWindow evaluation() {
        long batch = testBatch++;
        return plan(Phase.EVALUATE, batch, testBatch == length.testBatches());
    }

    private PlannedWindow plan(Phase phase, long batch, boolean ends) {
        int epoch = (int) ((step - 1) / length.trainBatches()) + 1;
        boolean due =
                length.checkpointEpochs() > 0 && (epoch % length.checkpointEpochs() == 0 || epoch == length.epochs());
        return new PlannedWindow(number++, phase, step, epoch, batch, ends, ends && due);
    }
}
