package io.ketju.pipeline.schedule;

/**
 * One compute action of one stage; prints as {@code 2F0}: stage 2, forward of micro-batch 0. The step has no
 * micro-batch and prints as {@code 2S}.
 *
 * @param microbatch index within the mini-batch; 0 for {@link Kind#S}
 */
public record Action(int stage, Kind kind, int microbatch) {
    /** What is computed, by its letter in schedule tables. */
    public enum Kind {
        /** Forward. */
        F,
        /** Full backward: I and W in one. */
        B,
        /** Gradient of the input only (the zero-bubble papers write B for this). */
        I,
        /** Gradient of the weights only. */
        W,
        /** Optimizer step. */
        S
    }

    @Override
    public String toString() {
        return kind == Kind.S ? stage + "S" : stage + kind.name() + microbatch;
    }
}
