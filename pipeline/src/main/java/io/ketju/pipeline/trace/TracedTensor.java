package io.ketju.pipeline.trace;

import io.ketju.pipeline.stage.TensorKey;

/**
 * One tensor at one end of its way: when it was sent, or when the rank of its receiver took it up.
 *
 * @param kind what travels
 * @param window number of the window
 * @param microbatch index within the window; 0 of what belongs to the whole window
 * @param edge which of those that cross: see {@link TensorKey}
 * @param from the stage that sent it, or {@link io.ketju.pipeline.stage.StagePorts#FEEDER}
 * @param to the stage that it is for, or the same
 * @param at nanoseconds of that end's clock
 */
public record TracedTensor(TensorKey.Kind kind, long window, int microbatch, int edge, int from, int to, long at) {
    /** The same by a clock that shows less. */
    TracedTensor earlier(long nanos) {
        return new TracedTensor(kind, window, microbatch, edge, from, to, at - nanos);
    }

    /** Which one it is: equal at both ends. */
    TracedTensor identity() {
        return earlier(at);
    }
}
