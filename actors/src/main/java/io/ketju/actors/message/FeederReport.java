package io.ketju.actors.message;

import java.util.Optional;

/** What a batch feeder says. */
public sealed interface FeederReport {
    /** The ways are open. */
    record Connected() implements FeederReport {}

    /**
     * The feeder cannot go on.
     *
     * @param thrown what it caught: of a data set, or of a link
     */
    record Failed(RunFailure failure, Optional<Throwable> thrown) implements FeederReport {}

    /** Nothing is sent any more. */
    record Stopped() implements FeederReport {}
}
