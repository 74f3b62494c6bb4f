package io.ketju.pipeline.stage;

import java.util.List;

/**
 * What a forward needs to know of its micro-batch.
 *
 * @param window number of its window
 * @param training whether a backward follows
 * @param step the optimizer step that the window is for
 * @param index within the window
 * @param firstSample index of its first sample in the mini-batch
 * @param denominators what the sum of each of the mini-batch's losses is divided by
 */
record Microbatch(long window, boolean training, long step, int index, long firstSample, List<Double> denominators) {
    static Microbatch of(Window window, int index) {
        boolean training = window.phase() == Window.Phase.TRAIN;
        return new Microbatch(
                window.number(), training, window.step(), index, window.firstSample(index), window.denominators());
    }
}
