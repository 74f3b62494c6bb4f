package io.ketju.pipeline.catalogue;

import io.ketju.pipeline.schedule.Action.Kind;

/** What a rank with two stages, there and back, does with a micro-batch, in this order. */
enum Lane {
    FORWARD_THERE(Kind.F, true),
    FORWARD_BACK(Kind.F, false),
    INPUT_BACK(Kind.I, false),
    INPUT_THERE(Kind.I, true),
    WEIGHT_BACK(Kind.W, false),
    WEIGHT_THERE(Kind.W, true);

    private final Kind kind;
    private final boolean there;

    Lane(Kind kind, boolean there) {
        this.kind = kind;
        this.there = there;
    }

    Kind kind() {
        return kind;
    }

    /** Of the stage that activations pass first. */
    boolean there() {
        return there;
    }

    /** Whether it comes from the rank before, and not from the one behind; neither for weight gradients. */
    boolean fromBefore() {
        return (kind == Kind.F && there) || (kind == Kind.I && !there);
    }

    /** The weight gradients of the same stage. */
    Lane weight() {
        return there ? WEIGHT_THERE : WEIGHT_BACK;
    }

    /** What the rank itself must have done with a micro-batch before; the first lane has none before it. */
    Lane before() {
        return switch (this) {
            case FORWARD_THERE -> throw new IllegalStateException("nothing comes before the first forward");
            case FORWARD_BACK -> FORWARD_THERE;
            case INPUT_BACK -> FORWARD_BACK;
            case INPUT_THERE, WEIGHT_BACK -> INPUT_BACK;
            case WEIGHT_THERE -> INPUT_THERE;
        };
    }
}
