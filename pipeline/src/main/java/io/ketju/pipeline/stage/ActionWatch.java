package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action;
import java.util.function.Supplier;

/** Stands around every action of an {@link InProcessRunner}: who measures how long actions take has the clock. */
@FunctionalInterface
public interface ActionWatch {
    /** Only has them run. */
    ActionWatch NOBODY = (action, run) -> run.get();

    /**
     * Has the action run, once and on this thread.
     *
     * @param action that is due
     * @param run runs it
     * @return what {@code run} gave
     */
    ActionResult around(Action action, Supplier<ActionResult> run);
}
