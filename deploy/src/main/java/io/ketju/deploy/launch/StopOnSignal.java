package io.ketju.deploy.launch;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Ctrl-C (or SIGTERM) while something runs: asks it to stop and keeps the JVM alive until it has, so that a checkpoint
 * can be written. The JVM then ends with the signal's own exit code, 130 for Ctrl-C.
 */
public final class StopOnSignal implements AutoCloseable {
    private final CountDownLatch finished = new CountDownLatch(1);
    private final AtomicBoolean signalled = new AtomicBoolean();
    private final Thread hook;

    private StopOnSignal(Consumer<String> stop, Duration patience) {
        hook = Thread.ofPlatform().name("ketju-stop").unstarted(() -> {
            signalled.set(true);
            stop.accept("interrupted");
            await(patience);
        });
    }

    /**
     * @param stop asks for the stop, with the reason, and returns at once
     * @param patience how long the JVM is kept alive at most
     */
    public static StopOnSignal install(Consumer<String> stop, Duration patience) {
        StopOnSignal result = new StopOnSignal(stop, patience);
        Runtime.getRuntime().addShutdownHook(result.hook);
        return result;
    }

    /** Whether the signal has come. */
    public boolean signalled() {
        return signalled.get();
    }

    private void await(Duration patience) {
        try {
            boolean inTime = finished.await(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (!inTime) {
                System.err.println(
                        "ketju: the run did not stop within " + patience.toSeconds() + " s; it is abandoned");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** It has stopped, and all that should be said has been printed. */
    @Override
    public void close() {
        finished.countDown();
        if (!signalled()) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The signal came this moment: the hook runs and finds the latch open.
            }
        }
    }
}
