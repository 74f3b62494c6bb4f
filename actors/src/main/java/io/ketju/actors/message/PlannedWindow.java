package io.ketju.actors.message;

import io.ketju.pipeline.stage.Window;
import java.util.List;

/**
 * A window and its place in the run.
 *
 * @param epoch data epoch, from 1
 * @param firstSample position of the window's first sample in the epoch's order (training) or in the test set
 * @param endsEpoch the last window of its data epoch, evaluation included
 * @param checkpoint whether a checkpoint is taken after it, before any later window is granted
 */
public record PlannedWindow(Window window, int epoch, int firstSample, boolean endsEpoch, boolean checkpoint) {
    /** Whether the window's samples are learnt from; otherwise they are evaluated. */
    public boolean trains() {
        return window.phase() == Window.Phase.TRAIN;
    }

    /** The same with what the window's targets weigh. */
    public PlannedWindow withDenominators(List<Double> known) {
        return new PlannedWindow(window.withDenominators(known), epoch, firstSample, endsEpoch, checkpoint);
    }
}
