package io.ketju.deploy.launch;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How worker processes end that nothing needs any more: first by telling them, then by force. */
public final class WorkerEnd {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerEnd.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private WorkerEnd() {}

    /** Returns when all have ended. */
    public static void of(List<Process> all) {
        for (Process process : all) {
            try (OutputStream input = process.getOutputStream()) {
                input.write(ParentWatch.END);
            } catch (IOException e) {
                // It is dead already.
            }
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (Process process : all) {
            await(process, deadline);
        }
    }

    /**
     * Writes into the log what one that has ended complained of, and how it ended if not well.
     *
     * @param name what a person calls it
     */
    public static void log(String name, Process process, String complaints) {
        if (process.exitValue() != 0) {
            LOG.error("{} ended with exit code {}; it printed:\n{}", name, process.exitValue(), complaints);
        } else if (!complaints.isEmpty()) {
            LOG.warn("{} logged:\n{}", name, complaints);
        }
    }

    /** By force at the deadline; no interrupt cuts this short. */
    private static void await(Process process, long deadline) {
        try {
            process.onExit()
                    .orTimeout(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)
                    .join();
        } catch (CompletionException e) {
            process.destroyForcibly().onExit().join();
        }
    }
}
