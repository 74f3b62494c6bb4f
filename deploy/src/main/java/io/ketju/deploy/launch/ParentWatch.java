package io.ketju.deploy.launch;

import io.ketju.actors.checkpoint.TemporaryRuns;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ends this JVM with the process that started it. That one holds the other end of standard input, and the system closes
 * that end however the process dies, by SIGKILL too; a parent that needs its workers no more says so before it closes
 * the pipe. Where that pipe goes through a network, the other end may be gone without a word: such a parent writes something every few
 * seconds. The watch begins before anything else of a JVM does: a parent may well die while its workers start.
 */
public final class ParentWatch {
    /** The option of processes that end with the one that started them. */
    public static final String OPTION = "--exit-with-parent";

    /** After how many seconds without a word from the parent it is taken for gone: a property of the JVM. */
    public static final String SILENCE = "ketju.parent.silence";

    /** What a parent says whose workers are to end at once. */
    static final int END = 'e';

    /** How long an orderly end may take. There is nothing to save, and nobody is left to take leave of. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private static final AtomicBoolean BEGUN = new AtomicBoolean();

    private ParentWatch() {}

    /** Begins to watch if these arguments of a command line ask for it. */
    public static void begin(String[] arguments) {
        if (Arrays.asList(arguments).contains(OPTION)) {
            begin();
        }
    }

    /** Begins to watch; a second call does nothing. */
    public static void begin() {
        if (BEGUN.compareAndSet(false, true)) {
            start(System.in, ParentWatch::endJvm, Duration.ofSeconds(Long.getLong(SILENCE, 0)));
        }
    }

    /** What is to happen when the parent wants its worker no more, or is gone. */
    @FunctionalInterface
    interface End {
        /**
         * Called once.
         *
         * @param told whether the parent has said so: then no run needs this process
         */
        void end(boolean told);
    }

    /** Ends once, on a thread of its own, when the parent says so or the input ends. */
    static void start(InputStream input, End end) {
        start(input, end, Duration.ZERO);
    }

    /**
     * The same.
     *
     * @param silence after which the parent is taken for gone; zero: it need not say anything
     */
    static void start(InputStream input, End end, Duration silence) {
        AtomicLong heard = new AtomicLong(System.nanoTime());
        AtomicBoolean ended = new AtomicBoolean();
        End once = told -> {
            if (ended.compareAndSet(false, true)) {
                end.end(told);
            }
        };
        Thread.ofPlatform().name("ketju-parent-watch").daemon().start(() -> once.end(awaitEnd(input, heard)));
        if (!silence.isZero()) {
            Thread.ofPlatform().name("ketju-parent-silence").daemon().start(() -> awaitSilence(once, heard, silence));
        }
    }

    private static void awaitSilence(End end, AtomicLong heard, Duration silence) {
        try {
            long left = silence.toNanos();
            while (left > 0) {
                Thread.sleep(Duration.ofNanos(left));
                left = heard.get() + silence.toNanos() - System.nanoTime();
            }
            end.end(false);
        } catch (InterruptedException e) {
            // Nobody interrupts this thread; if somebody did, nothing could be said of the parent.
            Thread.currentThread().interrupt();
        }
    }

    /**
     * At once if the parent says so. If it is gone, in order, as by a signal: whatever has something to end has a hook for
     * that.
     */
    private static void endJvm(boolean told) {
        if (told) {
            Runtime.getRuntime().halt(0);
        }
        Thread.ofPlatform().name("ketju-halt").daemon().start(() -> {
            try {
                Thread.sleep(GRACE);
            } catch (InterruptedException e) {
                // Nobody interrupts this thread; if somebody did, the parent would still be gone.
                Thread.currentThread().interrupt();
            }
            TemporaryRuns.removeLeft(); // the parent cannot do it if it was killed, and grants no more work
            Runtime.getRuntime().halt(0);
        });
        System.exit(0);
    }

    private static boolean awaitEnd(InputStream input, AtomicLong heard) {
        try (InputStream in = input) {
            for (int said = in.read(); said >= 0; said = in.read()) {
                heard.set(System.nanoTime());
                if (said == END) {
                    return true;
                }
            }
        } catch (IOException e) {
            // A broken pipe is an end too.
        }
        return false;
    }
}
