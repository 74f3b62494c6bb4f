package io.ketju.actors.job;

import java.io.IOException;

/**
 * Serves the numbers of runs to programs that watch many, found by {@link java.util.ServiceLoader}; the module {@code metrics} has
 * one, and nothing needs it.
 */
public interface MetricsEndpoint {
    /** Where numbers are asked for on a server. */
    String PATH = "/metrics";

    /**
     * Opens it on the loopback address alone.
     *
     * @param port 0 for any that is free
     * @return serves until it is closed, which is the caller's to do
     * @throws IOException if the port cannot be had
     */
    Open open(int port) throws IOException;

    /**
     * The numbers without a server: for one that is there already, as that of a {@link LivePage}.
     *
     * @return the caller's to close
     */
    Meters meters();

    /** What has been measured, by a run that has it as a listener. Any thread may ask. */
    interface Meters extends TrainingListener, AutoCloseable {
        /**
         * All numbers as they are now.
         *
         * @param accepted media types that whoever asks wants, as in the header {@code Accept}; empty: any
         * @return in one of these if there is such a one, else as text
         */
        Answer answer(String accepted);

        @Override
        void close();
    }

    /**
     * What a server answers.
     *
     * @param type media type, without a charset: that is UTF-8
     * @param text of that type
     */
    record Answer(String type, String text) {}

    /** It is served; to be given to a run as a listener. */
    interface Open extends Meters {
        /** {@return where: {@code http://127.0.0.1:9464/metrics}} */
        String address();
    }
}
