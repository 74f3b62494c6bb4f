package io.ketju.deploy.launch;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * Notices the death of the process that started this one: it holds the other end of standard input, and the system
 * closes that end however the process dies, by SIGKILL too.
 */
public final class ParentWatch {
    private ParentWatch() {}

    /** Runs the action once, on a thread of its own, when the input ends. */
    public static void start(InputStream input, Runnable action) {
        Thread.ofPlatform().name("ketju-parent-watch").daemon().start(() -> {
            drain(input);
            action.run();
        });
    }

    /** Ends the JVM at the latest after this time: nothing may keep a process whose parent is gone. */
    public static void haltAfter(Duration grace) {
        Thread.ofPlatform().name("ketju-halt").daemon().start(() -> {
            try {
                Thread.sleep(grace);
            } catch (InterruptedException e) {
                // Nobody interrupts this thread; if somebody did, the parent would still be gone.
                Thread.currentThread().interrupt();
            }
            Runtime.getRuntime().halt(0);
        });
    }

    private static void drain(InputStream input) {
        try (InputStream in = input) {
            while (in.read() >= 0) {
                // The parent says nothing; only the end matters.
            }
        } catch (IOException e) {
            // A broken pipe is an end too.
        }
    }
}
