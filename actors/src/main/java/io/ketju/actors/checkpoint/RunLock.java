package io.ketju.actors.checkpoint;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.data.file.FileErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The right of one process to write into a run's folder, held by a lock of the operating system on the file {@code
 * lock}: it goes with the process, however that ends. Readers neither need nor see it. The text in the file says who
 * holds the lock, and is all that is left of it afterwards.
 */
final class RunLock implements AutoCloseable {
    /** Name of the file in the run's folder. It stays there: removing it could part two processes that lock it. */
    static final String FILE = "lock";

    /** Far behind the text, so that it can be read where locks keep readers out. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    private static final int MAX_BYTES = 100;
    private static final Pattern HOLDER = Pattern.compile("process ([0-9]{1,19}) since ([0-9T:-]{16,19})\\s*");

    /**
     * Runs that this JVM holds. The system's locks are the process's: they would let a second run in, and closing any
     * channel on the file gives them up. So a folder that is held here is not even opened again.
     */
    private static final Set<Path> HELD = new HashSet<>();

    private final Path folder;
    private @Nullable FileChannel channel;

    private RunLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /** Locks an existing folder; throws {@link InvalidJobException} with one line if somebody else has. */
    static RunLock acquire(Path run) {
        synchronized (HELD) {
            try {
                Path folder = run.toRealPath();
                if (HELD.contains(folder)) {
                    throw inUse(run, "this process");
                }
                FileChannel channel = FileChannel.open(
                        folder.resolve(FILE),
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE,
                                LinkOption.NOFOLLOW_LINKS));
                lock(run, channel);
                HELD.add(folder);
                return new RunLock(folder, channel);
            } catch (IOException e) {
                throw new InvalidJobException(
                        "run directory " + run + ": cannot be locked: " + FileErrors.reason(e)
                                + "; a run needs a folder that it may write to, on a file system with locks",
                        e);
            }
        }
    }

    private static void lock(Path run, FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
            if (lock == null) {
                throw inUse(run, holder(channel));
            }
            LocalDateTime now = LocalDateTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS);
            String text = "process " + ProcessHandle.current().pid() + " since " + now + "\n";
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);
        channel.read(bytes, 0);
        Matcher holder = HOLDER.matcher(new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8));
        // It may be about to write its name.
        return holder.matches()
                ? "process " + holder.group(1) + " (since " + holder.group(2).replace('T', ' ') + ")"
                : "another process";
    }

    private static InvalidJobException inUse(Path run, String holder) {
        return new InvalidJobException(
                "run " + run + " is in use by " + holder + "; wait for its end, or stop it first");
    }

    /** Gives the folder free; a second call does nothing. */
    @Override
    public void close() {
        synchronized (HELD) {
            FileChannel held = channel;
            if (held == null) {
                return;
            }
            channel = null;
            HELD.remove(folder);
            try {
                held.close();
            } catch (IOException e) {
                // The lock goes with the process at the latest.
            }
        }
    }
}
