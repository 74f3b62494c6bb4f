package io.ketju.actors.message;

import java.util.Optional;

/** What a batch feeder says. */
public sealed interface FeederReport {
    /** The ways are open. */
    record Connected() implements FeederReport {}

    /**
     * The feeder cannot go on.
     *
     * @param failure what the run fails with
     * @param thrown what it caught: of a data set, or of a link; never leaves the JVM
     */
    record Failed(RunFailure failure, Optional<Throwable> thrown) implements FeederReport {
        /**
         * Without anything caught in this JVM.
         *
         * @param failure what the run fails with
         */
        public Failed(RunFailure failure) {
            this(failure, Optional.empty());
        }
    }

    /** Nothing is sent any more. */
    record Stopped() implements FeederReport {}
}
