package io.ketju.deploy.launch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The end of what a process prints, in memory: nothing is left of it when this process ends, however it does. The pipe
 * is always read, so that nobody waits to print.
 */
public final class PrintedTail {
    /** Some hundred lines. */
    static final int LONGEST = 64 << 10;

    /** The JVM has no switch for this line, which says nothing. */
    private static final String INCUBATOR = "WARNING: Using incubator modules: jdk.incubator.vector\n";

    /** Somebody else may hold the pipe after the process has gone. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final byte[] ring = new byte[LONGEST];
    private final Thread reader;
    private long printed;

    private PrintedTail(InputStream stream) {
        reader = Thread.ofPlatform().name("ketju-worker-output").daemon().start(() -> read(stream));
    }

    /** Begins to read. */
    public static PrintedTail of(InputStream stream) {
        return new PrintedTail(stream);
    }

    /** What is there of it; waits for the rest, which is on its way once the process has ended. */
    public String text() {
        boolean interrupted = Thread.interrupted();
        try {
            reader.join(PATIENCE);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return kept().replace(INCUBATOR, "");
    }

    private synchronized String kept() {
        if (printed <= LONGEST) {
            return new String(ring, 0, (int) printed, StandardCharsets.UTF_8);
        }
        byte[] last = new byte[LONGEST];
        int oldest = (int) (printed % LONGEST);
        System.arraycopy(ring, oldest, last, 0, LONGEST - oldest);
        System.arraycopy(ring, 0, last, LONGEST - oldest, oldest);
        return new String(last, StandardCharsets.UTF_8);
    }

    private void read(InputStream stream) {
        byte[] piece = new byte[8192];
        try (InputStream in = stream) {
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                keep(piece, count);
            }
        } catch (IOException e) {
            // The pipe broke: what came before it is there.
        }
    }

    private synchronized void keep(byte[] piece, int count) {
        for (int index = 0; index < count; index++) {
            ring[(int) (printed % LONGEST)] = piece[index];
            printed++;
        }
    }
}
