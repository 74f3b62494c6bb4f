package io.ketju.pipeline.stage;

import java.util.Optional;

/** A NaN or an infinity was computed where none may be: the run stops in this step, before a checkpoint can hold it. */
public final class NonFiniteException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Optional<NonFinite> found;

    /** What one stage met. */
    NonFiniteException(NonFinite found) {
        super(found.when() + ": " + found.what());
        this.found = Optional.of(found);
    }

    /** What all stages together found. */
    NonFiniteException(Examination examination) {
        super(examination.message());
        this.found = Optional.empty();
    }

    /** {@return the finding of the stage that threw this; empty when all stages were asked} */
    public Optional<NonFinite> found() {
        return found;
    }
}
