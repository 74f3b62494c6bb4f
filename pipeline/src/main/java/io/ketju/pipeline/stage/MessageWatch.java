package io.ketju.pipeline.stage;

import java.util.List;

/** Hears all that the ranks of an {@link InProcessRunner} hear and want, in the order in which it happens, on its thread. */
public interface MessageWatch {
    /** For runs that nobody listens to. */
    MessageWatch NOBODY = new MessageWatch() {
        @Override
        public void hears(int rank, StageEvent event) {}

        @Override
        public void wants(int rank, List<StageEffect> effects) {}
    };

    /**
     * A rank is about to hear of something.
     *
     * @param rank from 0
     * @param event a lease in it is only read, and only during the call
     */
    void hears(int rank, StageEvent event);

    /**
     * What the rank wants done after that, before any of it is done.
     *
     * @param rank from 0
     * @param effects in order; as of {@link #hears}, leases are only read
     */
    void wants(int rank, List<StageEffect> effects);
}
