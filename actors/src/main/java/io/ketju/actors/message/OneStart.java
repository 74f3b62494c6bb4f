package io.ketju.actors.message;

import java.util.List;
import java.util.function.ToIntFunction;

/** What is told or ordered together is of one start of a run. */
final class OneStart {
    private OneStart() {}

    /** A copy of what a message holds, if all of it is of that start. */
    static <T> List<T> copy(int incarnation, List<T> windows, ToIntFunction<T> start) {
        for (T window : windows) {
            if (start.applyAsInt(window) != incarnation) {
                throw new IllegalArgumentException("expected windows of start " + incarnation + ", found one of start "
                        + start.applyAsInt(window));
            }
        }
        return List.copyOf(windows);
    }
}
