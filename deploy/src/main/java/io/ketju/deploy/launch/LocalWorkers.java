package io.ketju.deploy.launch;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Worker JVMs on this machine, started with this JVM's own flags. They never outlive it: each reads the pipe that this
 * process holds open, and ends when the pipe does. Ctrl-C reaches only this process, which then stops them in order.
 */
public final class LocalWorkers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalWorkers.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** The end of what a worker printed that goes into the log. */
    private static final int LONGEST_TAIL = 64 << 10;

    private final List<Process> processes = new ArrayList<>();
    private final Path logs;

    private LocalWorkers(Path logs) {
        this.logs = logs;
    }

    /**
     * Starts workers. Whoever uses them watches them: see {@link #processes}.
     *
     * @param arguments of each one's command line
     */
    public static LocalWorkers start(int count, List<String> arguments) {
        LocalWorkers workers = null;
        try {
            workers = new LocalWorkers(Files.createTempDirectory("ketju-workers"));
            for (int number = 1; number <= count; number++) {
                workers.processes.add(new ProcessBuilder(command(arguments))
                        .redirectErrorStream(true)
                        .redirectOutput(workers.log(number).toFile())
                        .start());
            }
            return workers;
        } catch (IOException e) {
            if (workers != null) {
                workers.close();
            }
            throw new UncheckedIOException("worker processes cannot be started", e);
        }
    }

    /** What a worker printed. */
    public Path log(int number) {
        return logs.resolve("worker-" + number + ".log");
    }

    /** In the order of starting. */
    public List<Process> processes() {
        return List.copyOf(processes);
    }

    /** The JVM leaves a signal alone that was ignored when it started, which only a shell can arrange. */
    private static List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "trap '' INT; exec \"$0\" \"$@\""));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.startsWith("-Dketju."))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.ketju.deploy.Main"));
        command.addAll(arguments);
        return command;
    }

    /**
     * Ends all workers: first by closing their input, then by force. What those printed that did not end well goes into
     * the log.
     */
    @Override
    public void close() {
        for (Process process : processes) {
            try {
                process.getOutputStream().close();
            } catch (IOException e) {
                // It is dead already.
            }
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (Process process : processes) {
            await(process, deadline);
        }
        for (int number = 1; number <= processes.size(); number++) {
            Process process = processes.get(number - 1);
            if (process.exitValue() != 0) {
                LOG.error(
                        "worker {} (process {}) ended with exit code {}; it printed:\n{}",
                        number,
                        process.pid(),
                        process.exitValue(),
                        tail(log(number)));
            }
        }
        deleteLogs();
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

    private static String tail(Path log) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            file.seek(Math.max(0, file.length() - LONGEST_TAIL));
            byte[] last = new byte[(int) (file.length() - file.getFilePointer())];
            file.readFully(last);
            return new String(last, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(" + log + " cannot be read: " + e.getMessage() + ")";
        }
    }

    private void deleteLogs() {
        try (Stream<Path> files = Files.list(logs)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(logs);
        } catch (IOException e) {
            // A file too many in the temporary folder harms nobody.
        }
    }
}
