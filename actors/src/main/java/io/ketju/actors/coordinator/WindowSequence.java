package io.ketju.actors.coordinator;

import io.ketju.actors.message.PlannedWindow;
import io.ketju.pipeline.stage.Window;
import io.ketju.pipeline.stage.Window.Phase;
import java.util.Optional;

/**
 * All windows of a run, in order: the mini-batches of a data epoch, then the test set, then the next epoch. A function
 * of the sizes and of the steps already taken, so that a resumed run goes on exactly where the first one stopped.
 */
public final class WindowSequence {
    private final RunSizes sizes;
    private long number;
    private long step;
    private int testSample;
    private boolean evaluating;

    /**
     * @param completedSteps steps taken before this start; with none left, the last evaluation is done again
     */
    public WindowSequence(RunSizes sizes, long completedSteps) {
        if (completedSteps < 0 || completedSteps > sizes.totalSteps()) {
            throw new IllegalArgumentException(
                    completedSteps + " steps are done, but the job has only " + sizes.totalSteps());
        }
        this.sizes = sizes;
        this.step = completedSteps;
        this.evaluating = completedSteps == sizes.totalSteps();
    }

    /** The next window; empty when the run is complete. */
    public Optional<PlannedWindow> next() {
        if (evaluating && testSample < sizes.testSamples()) {
            return Optional.of(evaluation());
        }
        evaluating = false;
        testSample = 0;
        return step == sizes.totalSteps() ? Optional.empty() : Optional.of(training());
    }

    /** Whether {@link #next} has given all there is. */
    public boolean done() {
        return step == sizes.totalSteps() && !(evaluating && testSample < sizes.testSamples());
    }

    private PlannedWindow training() {
        int batch = (int) (step % sizes.stepsPerEpoch());
        int first = batch * sizes.batchSize();
        int samples = Math.min(sizes.batchSize(), sizes.trainSamples() - first);
        step++;
        boolean lastOfEpoch = batch == sizes.stepsPerEpoch() - 1;
        evaluating = lastOfEpoch;
        boolean ends = lastOfEpoch && sizes.testSamples() == 0;
        return plan(Phase.TRAIN, first, samples, ends);
    }

    private PlannedWindow evaluation() {
        int first = testSample;
        int samples = Math.min(sizes.batchSize(), sizes.testSamples() - first);
        testSample += samples;
        return plan(Phase.EVALUATE, first, samples, testSample == sizes.testSamples());
    }

    private PlannedWindow plan(Phase phase, int first, int samples, boolean ends) {
        int epoch = (int) ((step - 1) / sizes.stepsPerEpoch()) + 1;
        boolean due =
                sizes.checkpointEpochs() > 0 && (epoch % sizes.checkpointEpochs() == 0 || epoch == sizes.epochs());
        Window window = new Window(number++, phase, step, samples, Math.min(sizes.microbatches(), samples), samples);
        return new PlannedWindow(window, epoch, first, ends, ends && due);
    }
}
