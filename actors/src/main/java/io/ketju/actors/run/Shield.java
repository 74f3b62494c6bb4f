package io.ketju.actors.run;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Keeps interrupts away from work that must not be cut short: an interrupt closes the file or the socket that its
 * thread is at, and ends every wait. Such work runs on a thread of its own, which nobody interrupts; the caller waits
 * for it to the end, and its interrupt flag stays set, or is set afterwards if the interrupt comes meanwhile.
 */
public final class Shield {
    private Shield() {}

    /**
     * {@return what the work gives} What it throws is thrown here, with the caller's frames added to its stack trace.
     *
     * @param <T> of the result
     * @param name of its thread, behind {@code ketju-}
     * @param work what must not be cut short
     */
    public static <T> T call(String name, Supplier<T> work) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().name("ketju-" + name).start(() -> {
            try {
                outcome.complete(work.get());
            } catch (Throwable e) {
                outcome.completeExceptionally(e);
            }
        });
        join(thread);
        try {
            return outcome.join();
        } catch (CompletionException e) {
            throw thrown(e);
        }
    }

    /**
     * The same for work without a value.
     *
     * @param name of its thread, behind {@code ketju-}
     * @param work what must not be cut short
     */
    public static void run(String name, Runnable work) {
        boolean done = call(name, () -> {
            work.run();
            return true;
        });
        assert done;
    }

    /** Waits for a thread's end, whatever interrupts come. */
    static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static RuntimeException thrown(CompletionException wrapped) {
        Throwable failure = Objects.requireNonNull(wrapped.getCause(), "what the work threw");
        failure.setStackTrace(Stream.of(failure.getStackTrace(), new Throwable().getStackTrace())
                .flatMap(Stream::of)
                .toArray(StackTraceElement[]::new));
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException runtime ? runtime : wrapped;
    }
}
