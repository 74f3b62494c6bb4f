package io.ketju.pipeline.stage;

/**
 * A NaN or an infinity where none may be, as the stage that met it reports it.
 *
 * @param kind where it was met
 * @param window in which it was met, or the last before the checkpoint
 * @param microbatch whose loss it is; 0 for all other kinds, which belong to the whole mini-batch
 * @param stage that met it
 * @param what as a sentence: {@code the gradient of 0.weight is NaN at [0, 3]}
 * @param layer as text: of a gradient, the layer of this stage that backward reaches first of those with bad gradients; of a loss, none
 */
public record NonFinite(Kind kind, Window window, int microbatch, int stage, String what, String layer) {
    /** Where it was met, in the order in which one stage looks. */
    public enum Kind {
        /** The loss of a micro-batch. */
        LOSS,
        /** The gradient of a parameter, before the optimizer step. */
        GRADIENT,
        /** A parameter, after the optimizer step. */
        PARAMETER,
        /** Optimizer state of a parameter, before a checkpoint. */
        STATE
    }

    /** When it was met: {@code step 5, micro-batch 1}. */
    String when() {
        String of = kind == Kind.STATE
                ? "checkpoint of step "
                : window.phase() == Window.Phase.TRAIN ? "step " : "evaluation after step ";
        return of + window.step() + (kind == Kind.LOSS ? ", micro-batch " + microbatch : "");
    }

    /** Whether the learning rate had a part in it: some optimizer step was taken before it was met. */
    boolean followsAStep() {
        return switch (kind) {
            case LOSS, GRADIENT -> window.step() > (window.phase() == Window.Phase.TRAIN ? 1 : 0);
            case PARAMETER -> true;
            case STATE -> false;
        };
    }
}
