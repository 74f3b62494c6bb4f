package io.ketju.actors.run;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** What a start has opened so far: closed again, the newest first, unless the start comes to its end. */
final class OpenedResources implements AutoCloseable {
    private final Deque<Runnable> closers = new ArrayDeque<>();

    /** Remembers how to close something that was just opened. */
    <T> T closingOnFailure(T opened, Consumer<T> closer) {
        closers.addFirst(() -> closer.accept(opened));
        return opened;
    }

    /** The start has succeeded: somebody else owns everything from now on. */
    void keep() {
        closers.clear();
    }

    @Override
    public void close() {
        while (!closers.isEmpty()) {
            closers.removeFirst().run();
        }
    }
}
