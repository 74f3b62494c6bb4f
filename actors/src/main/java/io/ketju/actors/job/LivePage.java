package io.ketju.actors.job;

import java.net.URI;

/** A page that shows a run while it goes on, once the run has it as a listener. */
public interface LivePage extends TrainingListener, AutoCloseable {
    /** {@return where it is to be seen, on this machine alone} */
    URI address();

    /**
     * Answers whoever asks for numbers too, from now on and instead of those that were given before.
     *
     * @param meters the caller's, to be closed after this page
     * @return where: {@code http://127.0.0.1:PORT/metrics}
     */
    URI serve(MetricsEndpoint.Meters meters);

    /** Says that there is no more to come, and ends; a second call does nothing. */
    @Override
    void close();
}
