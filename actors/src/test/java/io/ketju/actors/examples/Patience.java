package io.ketju.actors.examples;

import io.ketju.actors.job.TrainingControl;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingListener;

// region listener
/** Stops a run when so many epochs in a row have not lowered the test loss. */
final class Patience implements TrainingListener {
    private final int epochs;
    private double best = Double.POSITIVE_INFINITY;
    private int bestEpoch;

    Patience(int epochs) {
        this.epochs = epochs;
    }

    /** What a run calls, from one thread at a time and in order. */
    @Override
    public void on(TrainingEvent event, TrainingControl run) {
        switch (event) {
            case TrainingEvent.EpochFinished epoch -> {
                if (epoch.testLoss() < best) {
                    best = epoch.testLoss();
                    bestEpoch = epoch.epoch();
                } else if (epoch.epoch() - bestEpoch >= epochs) {
                    run.stop("no better than in epoch " + bestEpoch);
                }
            }
            case TrainingEvent.WaitingForWorkers waiting -> {}
            case TrainingEvent.Started started -> {}
            case TrainingEvent.Restarted again -> {}
            case TrainingEvent.Repartitioned moved -> {}
            case TrainingEvent.StepFinished step -> {}
            case TrainingEvent.CheckpointCommitted checkpoint -> {}
        }
    }

    @Override
    public void on(TrainingEvent event) {
        throw new IllegalStateException("needs the control of its run");
    }
}
// end region
