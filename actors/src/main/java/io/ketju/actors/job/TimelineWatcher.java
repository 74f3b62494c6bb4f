package io.ketju.actors.job;

/**
 * Looks now and then at what the ranks of a run do. While nobody does, ranks keep nothing, read no clock and tell nothing. Both methods are
 * called by the thread that directs the run, one after the other, and return at once. What they throw stops the run, as with a
 * {@link TrainingListener}.
 */
public interface TimelineWatcher {
    /** {@return whether somebody looks at this moment; asked before a training window begins, a few times a second at most} */
    boolean watching();

    /**
     * All ranks have told of some windows; the last ones of a run may be missing.
     *
     * @param sample one window, or two that follow each other
     */
    void saw(TimelineSample sample);
}
