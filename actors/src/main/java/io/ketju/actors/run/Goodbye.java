package io.ketju.actors.run;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What ends behind the result of a run, on a thread of its own: whoever waits for the result does not wait for it. */
final class Goodbye {
    private final CompletableFuture<String> outcome = new CompletableFuture<>();
    private @Nullable Thread thread;

    /** Begins it, once. */
    synchronized void begin(Runnable work) {
        if (thread != null) {
            return;
        }
        thread = Thread.ofPlatform().name("ketju-goodbye").start(() -> {
            try {
                work.run();
                outcome.complete("");
            } catch (Throwable e) { // await() throws it
                outcome.completeExceptionally(e);
            }
        });
    }

    /** Returns when it has ended, and its thread with it; throws what it threw. */
    void await() {
        Thread running;
        synchronized (this) {
            running = thread;
        }
        if (running != null) {
            Shield.join(running);
            outcome.join();
        }
    }
}
