package io.ketju.actors.job;

import java.util.Optional;

/**
 * Tells runs as spans to a program that collects those of many, found by {@link java.util.ServiceLoader}; the module {@code metrics}
 * has one, for OpenTelemetry, and nothing needs it.
 */
public interface SpanExport {
    /**
     * Opens it by what the process's environment says.
     *
     * @return the caller's to close
     * @throws IllegalArgumentException with one line if the environment asks for what there is not
     */
    Open open();

    /** Spans of a run that has it as a listener; it is for one run. */
    interface Open extends TrainingListener, AutoCloseable {
        /** {@return where spans go, in a few words: {@code http://localhost:4318/v1/traces}} */
        String destination();

        /** {@return what went wrong first while spans were sent, in one line; the run goes on without them} */
        Optional<String> problem();

        /** Sends what has not been sent, for some seconds at most. */
        @Override
        void close();
    }
}
