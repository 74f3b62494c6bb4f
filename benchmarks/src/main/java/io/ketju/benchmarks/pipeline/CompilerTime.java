package io.ketju.benchmarks.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Processor time of this JVM's C2 compiler, by the threads that Linux shows in {@code /proc/self/task}: what the JDK
 * tells ({@code CompilationMXBean}) is of both compilers, and time as it passes. Threads come and go, so whoever wants
 * all of it looks now and then.
 */
final class CompilerTime {
    private static final Path TASKS = Path.of("/proc/self/task");

    /** As Linux cuts it: 15 letters of "C2 CompilerThread0". */
    private static final String C2 = "C2 CompilerThre";

    /** Of {@code USER_HZ}, which is 100 wherever Linux runs a JVM. */
    private static final double TICKS_PER_SECOND = 100;

    /** Behind the name, from the state on: user and system time are the 12th and the 13th. */
    private static final int USER = 11;

    private final Map<Path, Long> ticks = new HashMap<>();

    /** Seconds so far, of all threads that were seen. */
    double seconds() {
        try (var tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                look(task);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the compiler's threads cannot be read, which takes Linux", e);
        }
        return ticks.values().stream().mapToLong(Long::longValue).sum() / TICKS_PER_SECOND;
    }

    private void look(Path task) throws IOException {
        try {
            String stat = Files.readString(task.resolve("stat"));
            if (isC2(stat)) {
                ticks.put(task, ticks(stat));
            }
        } catch (NoSuchFileException e) {
            // It has ended in between; what was seen of it stays.
        }
    }

    /** Whether the line of {@code stat} is of a thread of C2. */
    static boolean isC2(String stat) {
        return stat.contains("(" + C2);
    }

    /** Ticks on the processor, for itself and in the kernel. */
    static long ticks(String stat) {
        List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
        return Long.parseLong(fields.get(USER)) + Long.parseLong(fields.get(USER + 1));
    }
}
