package io.ketju.actors.job;

import java.net.URI;

/** A page that shows a run while it goes on, once the run has it as a listener. */
public interface LivePage extends TrainingListener, AutoCloseable {
    /** {@return where it is to be seen, on this machine alone} */
    URI address();

    /** Says that there is no more to come, and ends; a second call does nothing. */
    @Override
    void close();
}
