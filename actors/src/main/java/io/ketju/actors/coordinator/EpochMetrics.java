package io.ketju.actors.coordinator;

import io.ketju.actors.message.PlannedWindow;
import io.ketju.pipeline.stage.WindowMetrics;

/** What the windows of a data epoch measured, added up in their order: those of a step together, then the steps. */
final class EpochMetrics {
    private WindowMetrics ofStep = WindowMetrics.NONE;
    private WindowMetrics lastStep = WindowMetrics.NONE;
    private WindowMetrics train;
    private WindowMetrics test = WindowMetrics.NONE;

    EpochMetrics() {
        this(WindowMetrics.NONE);
    }

    /** @param train what earlier steps of the epoch measured */
    EpochMetrics(WindowMetrics train) {
        this.train = train;
    }

    /** A window is done, after all before it. */
    void add(PlannedWindow window, WindowMetrics metrics) {
        if (!window.trains()) {
            test = test.plus(metrics);
            return;
        }
        ofStep = ofStep.plus(metrics);
        if (window.endsStep()) {
            lastStep = ofStep;
            train = train.plus(ofStep);
            ofStep = WindowMetrics.NONE;
        }
    }

    /** Of the windows of all objectives of the last whole step. */
    WindowMetrics lastStep() {
        return lastStep;
    }

    /** Of all whole steps, every sample before its step. */
    WindowMetrics train() {
        return train;
    }

    /** Of the evaluation at the end. */
    WindowMetrics test() {
        return test;
    }
}
