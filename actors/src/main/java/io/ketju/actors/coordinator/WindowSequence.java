package io.ketju.actors.coordinator;

import io.ketju.actors.message.PlannedWindow;
import io.ketju.pipeline.stage.WindowMetrics;
import java.util.Optional;

/**
 * Which window comes next: pure, and it hears what earlier windows gave. Windows are numbered from 0 without gaps. The
 * windows of one step come one after another, evaluated ones never among them.
 */
public interface WindowSequence {
    /** {@return the next window; empty when the run is complete, or when something has to come first} */
    Optional<PlannedWindow> next();

    /** {@return whether {@link #next} has given all there is} If not, a sequence that gives nothing is asked again later. */
    boolean done();

    /** {@return whether a start that knows the number of the last step and the {@link #progress} goes on with what comes next here} */
    default boolean resumes() {
        return true;
    }

    /**
     * All stages have finished a window. They are told in the order in which they were given.
     *
     * @param window as it was given; ends nothing where its step goes on after it
     * @param metrics what it measured, of all heads
     */
    default void finished(PlannedWindow window, WindowMetrics metrics) {}

    /**
     * {@return what the sequence has to know of the windows finished so far to go on with the next step as if it had never stopped: a
     * text that is kept with a checkpoint} Empty where the number of the step says all.
     */
    default String progress() {
        return "";
    }

    /** {@return whether a checkpoint is wanted now, of the state after what was given so far} */
    default boolean wantsCheckpoint() {
        return false;
    }

    /**
     * {@return whether it goes on as soon as all stages hold copies of the state that a checkpoint is of} If not, it waits until the
     * checkpoint is committed.
     */
    default boolean goesOnBehindCheckpoints() {
        return false;
    }

    /**
     * The state after a step is kept: by a checkpoint just taken, or by one that there was. Where the sequence {@link
     * #goesOnBehindCheckpoints}, it is told when the copies are there.
     *
     * @param step the last that is in it
     */
    default void checkpointed(long step) {}
}
