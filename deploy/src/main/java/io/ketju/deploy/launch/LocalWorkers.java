package io.ketju.deploy.launch;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Worker JVMs on this machine, started with this JVM's own flags. They never outlive it: each reads the pipe that this
 * process holds open, and ends when the pipe does. Ctrl-C reaches only this process, which then stops them in order.
 */
public final class LocalWorkers implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<Process> processes = new ArrayList<>();
    private final List<CompletableFuture<Void>> exits = new ArrayList<>();
    private final Path logs;
    private volatile boolean closing;

    private LocalWorkers(Path logs) {
        this.logs = logs;
    }

    /**
     * Starts workers.
     *
     * @param arguments of each one's command line
     * @param err told in one line of every worker that ends before it should
     */
    public static LocalWorkers start(int count, List<String> arguments, PrintStream err) {
        try {
            LocalWorkers workers = new LocalWorkers(Files.createTempDirectory("ketju-workers"));
            for (int number = 1; number <= count; number++) {
                workers.startOne(number, arguments, err);
            }
            return workers;
        } catch (IOException e) {
            throw new UncheckedIOException("worker processes cannot be started", e);
        }
    }

    private void startOne(int number, List<String> arguments, PrintStream err) throws IOException {
        Process process = new ProcessBuilder(command(arguments))
                .redirectErrorStream(true)
                .redirectOutput(log(number).toFile())
                .start();
        processes.add(process);
        exits.add(process.onExit().thenAccept(ended -> {
            if (!closing) {
                err.println("ketju launch: worker " + number + " (process " + ended.pid() + ") ended with exit code "
                        + ended.exitValue() + "; what it printed is in " + log(number));
            }
        }));
    }

    /** What a worker printed. */
    public Path log(int number) {
        return logs.resolve("worker-" + number + ".log");
    }

    /** Process numbers, in the order of starting. */
    public List<Long> pids() {
        return processes.stream().map(Process::pid).toList();
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

    /** Ends all workers: first by closing their input, then by force. */
    @Override
    public void close() {
        closing = true;
        for (Process process : processes) {
            try {
                process.getOutputStream().close();
            } catch (IOException e) {
                // It is dead already.
            }
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        boolean clean = true;
        for (Process process : processes) {
            clean &= await(process, deadline);
        }
        CompletableFuture.allOf(exits.toArray(CompletableFuture[]::new)).join();
        if (clean) {
            deleteLogs();
        }
    }

    private static boolean await(Process process, long deadline) {
        try {
            if (process.waitFor(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                return process.exitValue() == 0;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        return false;
    }

    /** Only the logs of workers that ended well: the others are wanted. */
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
