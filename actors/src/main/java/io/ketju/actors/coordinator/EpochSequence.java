package io.ketju.actors.coordinator;

import io.ketju.actors.message.PlannedWindow;
import io.ketju.pipeline.stage.Window.Phase;
import io.ketju.pipeline.stage.WindowMetrics;
import java.util.Optional;

/**
 * The windows of a run over data, in order: those of every mini-batch of a data epoch, one for each objective in turn, then
 * the test data, then the next epoch. A function of the run's length and of the steps already taken, so that a resumed run
 * goes on exactly where the first one stopped. Where a learning-rate schedule watches what the run measures, an epoch begins
 * when all of the one before is known; so it does where the run looks for its best epoch, whose checkpoint comes first. Windows that
 * overlap do so within a data epoch: its last one drains. A step that searches is as many windows of its mini-batch as it takes, and
 * nothing else comes before it has ended.
 */
public final class EpochSequence implements WindowSequence {
    private final RunLength length;
    private final WatchedEpochs watched;
    private long number;
    /** Complete or begun. */
    private long step;
    /** Windows of the step that are still to come. */
    private int objectivesLeft;

    private int testBatch;
    private boolean evaluating;
    /** A training window of which is not known whether its step goes on after it. */
    private Optional<PlannedWindow> searching = Optional.empty();
    /** One after which its step goes on, and that is not yet repeated. */
    private Optional<PlannedWindow> again = Optional.empty();

    /**
     * Begins after the steps already taken.
     *
     * @param length of the whole run, those steps included
     * @param completedSteps steps taken before this start; with none left, the last evaluation is done again, and so is one
     *     that a schedule has not heard of
     * @param watched as they were after those steps; used by this alone from now on
     * @throws IllegalArgumentException if the run has fewer steps than those
     */
    public EpochSequence(RunLength length, long completedSteps, WatchedEpochs watched) {
        if (completedSteps < 0 || completedSteps > length.totalSteps()) {
            throw new IllegalArgumentException(
                    completedSteps + " steps are done, but the job has only " + length.totalSteps());
        }
        this.length = length;
        this.watched = watched;
        this.step = completedSteps;
        this.evaluating = completedSteps == length.totalSteps() || awaitsEpoch();
    }

    /**
     * The same of a run whose rates depend on steps alone.
     *
     * @param length of the whole run
     * @param completedSteps steps taken before this start
     * @throws IllegalArgumentException if the run has fewer steps than those
     */
    public EpochSequence(RunLength length, long completedSteps) {
        this(length, completedSteps, WatchedEpochs.none());
    }

    @Override
    public Optional<PlannedWindow> next() {
        if (searching.isPresent()) {
            return Optional.empty();
        }
        if (again.isPresent()) {
            searching = Optional.of(again.get().numbered(number++));
            again = Optional.empty();
            return searching;
        }
        if (evaluating && testBatch < length.testBatches()) {
            return Optional.of(evaluation());
        }
        if (awaitsEpoch() || watched.wantCheckpoint()) {
            return Optional.empty();
        }
        evaluating = false;
        testBatch = 0;
        return trained() ? Optional.empty() : Optional.of(training());
    }

    /** Whether the epoch that the last step ended is not yet known whole to a schedule that watches it. */
    private boolean awaitsEpoch() {
        return objectivesLeft == 0
                && step % length.trainBatches() == 0
                && watched.wait((int) (step / length.trainBatches()));
    }

    @Override
    public void finished(PlannedWindow window, WindowMetrics metrics) {
        if (window.trains()) {
            again = metrics.steps().goesOn() ? searching : Optional.empty();
            searching = Optional.empty();
        }
        watched.finished(window, metrics);
    }

    @Override
    public String progress() {
        return watched.progress();
    }

    @Override
    public boolean done() {
        return trained() && !(evaluating && testBatch < length.testBatches());
    }

    /** A start begins with a step, so what is evaluated is evaluated whole before. */
    @Override
    public boolean resumes() {
        return !(evaluating && testBatch < length.testBatches());
    }

    @Override
    public boolean wantsCheckpoint() {
        return watched.wantCheckpoint();
    }

    @Override
    public boolean goesOnBehindCheckpoints() {
        return length.behind();
    }

    @Override
    public void checkpointed(long saved) {
        watched.checkpointed(saved);
    }

    private boolean trained() {
        return (step == length.totalSteps() || watched.ended())
                && objectivesLeft == 0
                && searching.isEmpty()
                && again.isEmpty();
    }

    private PlannedWindow training() {
        if (objectivesLeft == 0) {
            objectivesLeft = length.objectives();
            step++;
        }
        int objective = length.objectives() - objectivesLeft;
        objectivesLeft--;
        evaluating = objectivesLeft == 0 && step % length.trainBatches() == 0;
        PlannedWindow window = plan(Phase.TRAIN, objective, step - 1, evaluating && length.testBatches() == 0);
        searching = length.searches() ? Optional.of(window) : Optional.empty();
        return window;
    }

    private PlannedWindow evaluation() {
        long batch = testBatch++;
        return plan(Phase.EVALUATE, 0, batch, testBatch == length.testBatches());
    }

    private PlannedWindow plan(Phase phase, int objective, long batch, boolean ends) {
        int epoch = (int) ((step - 1) / length.trainBatches()) + 1;
        return new PlannedWindow(
                number++,
                phase,
                objective,
                step,
                objectivesLeft == 0,
                epoch,
                batch,
                ends,
                checkpointDue(epoch, ends),
                phase == Phase.TRAIN ? watched.reductions(objective) : 0,
                !length.overlaps() || phase != Phase.TRAIN || evaluating);
    }

    /** Where the step of an epoch's end is due, the checkpoint waits for the evaluation, so that it knows of it. */
    private boolean checkpointDue(int epoch, boolean endsEpoch) {
        boolean ofSteps = length.checkpointSteps() > 0 && step % length.checkpointSteps() == 0;
        boolean ofEpochs =
                length.checkpointEpochs() > 0 && (epoch % length.checkpointEpochs() == 0 || epoch == length.epochs());
        return endsEpoch ? ofSteps || ofEpochs : ofSteps && objectivesLeft == 0 && !evaluating;
    }
}
