package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action;

/** Is told of every action of an {@link InProcessRunner}, on its thread: who measures how long actions take has the clock. */
public interface ActionWatch {
    /** Hears and does nothing. */
    ActionWatch NOBODY = new ActionWatch() {
        @Override
        public void begins(Action action) {}

        @Override
        public void ends(Action action) {}
    };

    void begins(Action action);

    /** Not called for an action that throws. */
    void ends(Action action);
}
