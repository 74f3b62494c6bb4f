package io.ketju.deploy.launch;

import io.ketju.protocol.security.UserFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Warnings and errors of every library go to one file, never to the terminal. A run has it in its folder. As long as
 * there is no such file the newest lines are kept in memory; most processes end without having written any. A failure
 * for which that is not enough puts them into the user's own file of Ketju, and the line that reports it names that
 * file. Nothing is ever left in the temporary folder. A worker that another process starts has no file of its own: what
 * it logs goes to its standard error, which that process reads.
 */
public final class LogFile {
    /** Says that lines go to standard error. */
    public static final String TO_STANDARD_ERROR = "ketju.log.stderr";

    private static final String NAME = "ketju.log";

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    /** Of the file and of the full one before it: many days of warnings, and no danger to a disk. */
    private static final long LIMIT = 10L << 20;

    /** Of the lines in memory: some hundreds. */
    private static final int KEPT = 256 << 10;

    private static final Deque<byte[]> waiting = new ArrayDeque<>();
    private static int waitingBytes;
    private static boolean started;
    private static @Nullable Path own;
    private static @Nullable RollingFile file;

    private LogFile() {}

    /**
     * Keeps what is logged from now on. Without this, as in programs that embed Ketju, nothing is kept.
     *
     * @param ofUser see {@link #ofUser}
     */
    public static synchronized void start(Path ofUser) {
        started = true;
        own = ofUser;
    }

    /** For failures without a run: {@code ~/.local/state/ketju/ketju.log}, or where the environment says. */
    public static Path ofUser(Map<String, String> environment) {
        return UserFolder.state(environment).resolve(NAME);
    }

    /** Logs to {@code ketju.log} in a run's folder from now on, beginning with the lines that are in memory. */
    public static synchronized void moveTo(Path runDirectory) {
        close();
        started = true;
        continueIn(new RollingFile(runDirectory.resolve(NAME), LIMIT));
    }

    /** Logs what no code catches, and says where. */
    public static void catchUncaught() {
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) ->
                System.err.println("ketju: " + unexpected("thread " + thread.getName() + ": ", failure)));
    }

    /** Logs a failure with its cause, and gives its own message and where the rest is. */
    public static String logged(Exception failure) {
        LoggerFactory.getLogger(LogFile.class).error("{}", failure.getMessage(), failure);
        return failure.getMessage() + details();
    }

    /** Logs a failure that is a fault of the program, and gives the one line to show for it. */
    public static String unexpected(String where, Throwable failure) {
        LoggerFactory.getLogger(LogFile.class).error("{}{}", where, failure.toString(), failure);
        return where + failure.toString().replaceAll("\\s*\\R\\s*", " ") + details();
    }

    public static synchronized void close() {
        RollingFile open = file;
        file = null;
        started = false;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // It was only the log.
            }
        }
    }

    /** One line, or several that belong together. A log that cannot be written ends; the run goes on. */
    static synchronized void write(byte[] line) {
        if (!started) {
            return;
        }
        if (Boolean.getBoolean(TO_STANDARD_ERROR)) {
            System.err.write(line, 0, line.length);
            System.err.flush();
            return;
        }
        if (file == null) {
            keep(line);
            return;
        }
        try {
            file.write(line);
        } catch (IOException e) {
            close();
        }
    }

    private static void keep(byte[] line) {
        waiting.addLast(line);
        waitingBytes += line.length;
        while (waitingBytes > KEPT && waiting.size() > 1) {
            waitingBytes -= waiting.removeFirst().length;
        }
    }

    private static synchronized String details() {
        Path folder = own == null ? null : own.getParent();
        if (started && file == null && own != null && folder != null && !waiting.isEmpty()) {
            try {
                Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
                continueIn(new RollingFile(own, LIMIT));
            } catch (IOException e) {
                return ""; // The line itself says what can be said.
            }
        }
        return file == null ? "" : "; details in " + file.path();
    }

    private static void continueIn(RollingFile next) {
        file = next;
        while (!waiting.isEmpty()) {
            write(waiting.removeFirst());
        }
        waitingBytes = 0;
    }
}
