package io.ketju.actors.checkpoint;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.data.file.FileErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The right of one process to write into a run's folder, held by a lock of the operating system on the file {@code
 * lock}: it goes with the process, however that ends. Readers neither need nor see it. The text in the file says who
 * holds the lock, and is all that is left of it afterwards.
 *
 * <p>A process that stands still keeps its lock. Whoever takes the run from it ({@link #takeOver}) locks another byte of the file and says so in
 * the text; from then on all look at that byte, and the text tells the old holder, when it wakes, that it holds nothing any more. What
 * depends on who holds the run is decided one process at a time, behind a gate: a byte that is locked for moments.
 */
final class RunLock implements AutoCloseable {
    /** Name of the file in the run's folder. It stays there: removing it could part two processes that lock it. */
    static final String FILE = "lock";

    /** Far behind the text, so that it can be read where locks keep readers out. After each takeover it is the byte before. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    /** Far from both. */
    private static final long GATE = Long.MAX_VALUE / 2;

    /** Behind the gate nobody takes as long, unless stopped there. */
    private static final Duration GATE_PATIENCE = Duration.ofSeconds(10);

    private static final Duration GATE_LOOK = Duration.ofMillis(2);

    /**
     * Runs that this JVM holds. The system's locks are the process's: they would let a second run in, and closing any
     * channel on the file gives them up. So a folder that is held here is not even opened again.
     */
    private static final Set<Path> HELD = new HashSet<>();

    private final Path folder;
    private final LockText text;
    private @Nullable FileChannel channel;

    private RunLock(Path folder, LockText text, FileChannel channel) {
        this.folder = folder;
        this.text = text;
        this.channel = channel;
    }

    /** What is done behind the gate. */
    @FunctionalInterface
    interface Guarded<T> {
        T call() throws IOException;
    }

    /** What somebody sees who does not hold a run: whether somebody else does, and the text. */
    @FunctionalInterface
    interface Looking<T> {
        T of(boolean held, LockText text) throws IOException;
    }

    /** Whether a run is as it was; asked behind the gate. */
    @FunctionalInterface
    interface AsItWas {
        boolean test(LockText text) throws IOException;
    }

    /** Locks an existing folder; throws {@link InvalidJobException} with one line if somebody else has. */
    static RunLock acquire(Path run) {
        synchronized (HELD) {
            try {
                FileChannel channel = open(run, StandardOpenOption.CREATE);
                return behindGate(run, channel, () -> {
                    LockText last = read(channel);
                    if (!locks(channel, last.takeovers())) {
                        throw inUse(run, last.holder());
                    }
                    return held(run, channel, last.takeovers());
                });
            } catch (IOException e) {
                throw cannotBeLocked(run, e);
            }
        }
    }

    /**
     * Locks an existing folder although a process that is taken for dead may hold it still, if the run is as it was when that was
     * found. Empty if it is not, or if somebody else has been faster. Throws {@link InvalidJobException} with one line.
     */
    static Optional<RunLock> takeOver(Path run, AsItWas asItWas) {
        synchronized (HELD) {
            try {
                FileChannel channel = open(run, StandardOpenOption.CREATE);
                Optional<RunLock> taken = behindGate(run, channel, () -> {
                    LockText text = read(channel);
                    int last = text.takeovers();
                    if (!asItWas.test(text)) {
                        return Optional.empty();
                    }
                    int own = locks(channel, last) ? last : last + 1;
                    return own == last || locks(channel, own) ? Optional.of(held(run, channel, own)) : Optional.empty();
                });
                if (taken.isEmpty()) {
                    channel.close();
                }
                return taken;
            } catch (IOException e) {
                throw cannotBeLocked(run, e);
            }
        }
    }

    /** Has somebody look who does not hold the run; what is seen belongs together. */
    static <T> T look(Path run, Looking<T> looking) throws IOException {
        synchronized (HELD) {
            if (!Files.exists(run.resolve(FILE), LinkOption.NOFOLLOW_LINKS)) {
                return looking.of(false, LockText.of(""));
            }
            try (FileChannel channel = open(run)) {
                return behindGate(run, channel, () -> {
                    LockText text = read(channel);
                    FileLock own = channel.tryLock(LOCKED_BYTE - text.takeovers(), 1, false);
                    if (own != null) {
                        own.release();
                    }
                    return looking.of(own == null, text);
                });
            }
        }
    }

    /** What the file says of this holder. */
    LockText text() {
        return text;
    }

    /** Does what the holder alone may do; throws with one line if somebody has taken the run over. */
    <T> T guarded(Guarded<T> action) throws IOException {
        synchronized (HELD) {
            FileChannel held = channel;
            if (held == null) {
                throw new IllegalStateException(folder + " is not held any more");
            }
            FileLock gate = gate(folder, held);
            try {
                LockText now = read(held);
                if (!now.equals(text)) {
                    throw new IOException("run " + folder + " was taken over by " + now.holder()
                            + "; nothing of this start is kept from here on");
                }
                return action.call();
            } finally {
                gate.release();
            }
        }
    }

    private static FileChannel open(Path run, StandardOpenOption... more) throws IOException {
        Path folder = run.toRealPath();
        if (HELD.contains(folder)) {
            throw inUse(run, "this process");
        }
        Set<OpenOption> options = new HashSet<>(Set.of(more));
        options.addAll(Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
        return FileChannel.open(folder.resolve(FILE), options);
    }

    /** Does something alone among all processes that ask for this run; a failure closes the channel. */
    private static <T> T behindGate(Path run, FileChannel channel, Guarded<T> action) throws IOException {
        try {
            FileLock gate = gate(run, channel);
            try {
                return action.call();
            } finally {
                gate.release();
            }
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static FileLock gate(Path run, FileChannel channel) throws IOException {
        long begin = System.nanoTime();
        while (true) {
            FileLock gate = channel.tryLock(GATE, 1, false);
            if (gate != null) {
                return gate;
            }
            if (System.nanoTime() - begin > GATE_PATIENCE.toNanos()) {
                throw inUse(run, "a process that is about to begin it and has stopped there");
            }
            LockSupport.parkNanos(GATE_LOOK.toNanos());
        }
    }

    private static boolean locks(FileChannel channel, int takeovers) throws IOException {
        return channel.tryLock(LOCKED_BYTE - takeovers, 1, false) != null;
    }

    private static RunLock held(Path run, FileChannel channel, int takeovers) throws IOException {
        LocalDateTime now = LocalDateTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS);
        String token = "%016x".formatted(UUID.randomUUID().getMostSignificantBits());
        LockText text = new LockText(Long.toString(ProcessHandle.current().pid()), now.toString(), token, takeovers);
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(text.line().getBytes(StandardCharsets.UTF_8)), 0);
        Path folder = run.toRealPath();
        HELD.add(folder);
        return new RunLock(folder, LockText.of(text.line()), channel);
    }

    private static LockText read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LockText.MAX_BYTES);
        channel.read(bytes, 0);
        return LockText.of(new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8));
    }

    private static InvalidJobException inUse(Path run, String holder) {
        return new InvalidJobException(
                "run " + run + " is in use by " + holder + "; wait for its end, or stop it first");
    }

    private static InvalidJobException cannotBeLocked(Path run, IOException e) {
        return new InvalidJobException(
                "run directory " + run + ": cannot be locked: " + FileErrors.reason(e)
                        + "; a run needs a folder that it may write to, on a file system with locks",
                e);
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
