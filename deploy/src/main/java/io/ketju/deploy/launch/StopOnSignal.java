package io.ketju.deploy.launch;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C (or SIGTERM) while something runs: asks it to stop and keeps the JVM alive until it has, so that a checkpoint
 * can be written. The JVM then ends with the signal's own exit code, whatever else is returned: 128 and the signal's
 * number, which makes 130 for Ctrl-C and 143 for SIGTERM. Another signal waits for nothing, and ends the JVM at once.
 */
public final class StopOnSignal implements AutoCloseable {
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Duration patience;
    private final Optional<String> late;
    private final Thread hook = Thread.ofPlatform().name("ketju-stop").unstarted(this::onSignal);
    private boolean signalled;
    private @Nullable Consumer<String> stop;

    private StopOnSignal(Duration patience, Optional<String> late) {
        this.patience = patience;
        this.late = late;
    }

    /**
     * From now on a signal waits until this is closed.
     *
     * @param patience how long the JVM is kept alive at most
     */
    public static StopOnSignal install(Duration patience) {
        return install(
                patience, Optional.of("the run did not stop within " + patience.toSeconds() + " s; it is abandoned"));
    }

    /** The same, where nothing is to be said if that was not long enough. */
    public static StopOnSignal quiet(Duration patience) {
        return install(patience, Optional.empty());
    }

    private static StopOnSignal install(Duration patience, Optional<String> late) {
        StopOnSignal result = new StopOnSignal(patience, late);
        Runtime.getRuntime().addShutdownHook(result.hook);
        return result;
    }

    /**
     * Says what a signal stops. If one has come already, it does so at once.
     *
     * @param action asks for the stop, with the reason, and returns at once
     */
    public synchronized void stops(Consumer<String> action) {
        stop = action;
        if (signalled) {
            action.accept("interrupted");
        }
    }

    private void onSignal() {
        DefaultSignals.restore();
        synchronized (this) {
            signalled = true;
            if (stop != null) {
                stop.accept("interrupted");
            }
        }
        try {
            boolean inTime = finished.await(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (!inTime) {
                late.ifPresent(line -> System.err.println("ketju: " + line));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** It has stopped, and all that should be said has been printed. */
    @Override
    public void close() {
        finished.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The signal has come: the hook finds the latch open.
        }
    }
}
