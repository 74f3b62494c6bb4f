package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action;
import java.util.List;

/** What a rank does next, over the windows that are granted to it and not finished. The same for every order of arrival. */
interface RankOrder {
    /** The next window is granted. */
    void granted(Window window);

    /** Whether there is a next action, and it is known. Only then may the others be asked. */
    boolean known();

    /** The window of the next action. */
    Window window();

    /** Whether the rank has nothing to do in that window, which {@link #pass} ends. */
    default boolean idle() {
        return false;
    }

    /** The next action. */
    Action action();

    /** Whether no action of the same stage comes behind the next one in its window. */
    boolean isLastOfStage();

    /** The next action is over; returns whether its window is over with it, which is the oldest then. */
    boolean pass();

    /** What is left to do of the oldest window, without forwards of windows that overlap. */
    List<Action> leftOfOldest();

    /** Forgets all windows. */
    void clear();
}
