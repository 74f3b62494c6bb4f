package io.ketju.actors.job;

import java.io.IOException;

/**
 * Serves the numbers of runs to programs that watch many, found by {@link java.util.ServiceLoader}; the module {@code metrics} has
 * one, and nothing needs it.
 */
public interface MetricsEndpoint {
    /**
     * Opens it on the loopback address alone.
     *
     * @param port 0 for any that is free
     * @return serves until it is closed, which is the caller's to do
     * @throws IOException if the port cannot be had
     */
    Open open(int port) throws IOException;

    /** It is served; to be given to a run as a listener. */
    interface Open extends TrainingListener, AutoCloseable {
        /** {@return where: {@code http://127.0.0.1:9464/metrics}} */
        String address();

        @Override
        void close();
    }
}
