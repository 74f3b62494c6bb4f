package io.ketju.tests;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A process under test: collects what it prints line by line, waits for lines and for its end, and is killed at the
 * latest by {@link #close}. Waits are bounded and end with the event that they are for; whoever waits in vain learns
 * everything that was printed.
 */
final class ChildProcess implements AutoCloseable {
    /** Longest wait for anything. Only failures take as long. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final String PROCESSES = ": processes ";
    private static final int KILLED = 128 + 9;

    private final String name;
    private final Process process;
    private final List<String> out = new ArrayList<>();
    private final List<String> err = new ArrayList<>();
    private final List<Thread> readers;

    private ChildProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        this.readers = List.of(collect(process.getInputStream(), out), collect(process.getErrorStream(), err));
    }

    /** Starts it; its standard input stays open as long as this JVM lives. */
    static ChildProcess start(String name, ProcessBuilder builder) {
        try {
            return new ChildProcess(name, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** The first line of standard output that is wanted, as soon as it is there. */
    String awaitLine(Predicate<String> wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        synchronized (out) {
            int next = 0;
            while (true) {
                // Asked before the look, so that a last line is not missed.
                boolean ended = readers.stream().noneMatch(Thread::isAlive);
                for (; next < out.size(); next++) {
                    if (wanted.test(out.get(next))) {
                        return out.get(next);
                    }
                }
                if (ended) {
                    throw new AssertionError("ended without the line:" + this);
                }
                if (System.nanoTime() >= deadline) {
                    throw new AssertionError("no such line in time:" + this + threads());
                }
                waitForLine();
            }
        }
    }

    /** Of {@code ketju launch}: the workers that it says to have started, all alive. */
    List<ProcessHandle> awaitWorkers(int count) {
        String line = awaitLine(printed -> printed.startsWith("Launched "));
        String pids = line.substring(line.lastIndexOf(PROCESSES) + PROCESSES.length());
        List<ProcessHandle> workers = Arrays.stream(pids.split(", "))
                .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
                .filter(ProcessHandle::isAlive)
                .toList();
        if (workers.size() != count) {
            throw new AssertionError("not all alive: " + line + this);
        }
        return workers;
    }

    /** Waits until it has ended and all its output is here; its exit code. */
    int awaitExit() {
        return awaitExit(PATIENCE);
    }

    int awaitExit(Duration bound) {
        try {
            if (!process.waitFor(bound.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AssertionError("still runs after " + bound.toSeconds() + " s:" + this + threads());
            }
            for (Thread reader : readers) {
                reader.join(PATIENCE.toMillis());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Lets it run for so long, in which it must not end. */
    void requireAliveFor(Duration time) {
        try {
            if (process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AssertionError("ended with exit code " + awaitExit() + ":" + this);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Runs it to its end, which must be a good one. */
    ChildProcess requireSuccess() {
        int code = awaitExit();
        if (code != 0) {
            throw new AssertionError("exit code " + code + ":" + this);
        }
        return this;
    }

    /** SIGKILL: it can do nothing about it. Returns when it is dead. */
    void kill() {
        process.destroyForcibly();
        int code = awaitExit();
        if (code != KILLED) {
            throw new AssertionError("ended with exit code " + code + " before it was killed:" + this);
        }
    }

    /** SIGTERM. What it then prints is read: the handle leaves the streams open, the process would close them. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** Ctrl-C. */
    void interrupt() {
        signal("INT");
    }

    /** Any signal, by its name without SIG. */
    void signal(String name) {
        try {
            int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new AssertionError("no SIG" + name + " for it:" + this);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    List<String> out() {
        synchronized (out) {
            return List.copyOf(out);
        }
    }

    List<String> err() {
        synchronized (err) {
            return List.copyOf(err);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        awaitExit();
    }

    /** Everything that a failure must say. */
    @Override
    public String toString() {
        return "\n--- " + name + " (process " + pid() + "), standard output\n" + String.join("\n", out())
                + "\n--- standard error\n" + String.join("\n", err()) + "\n---";
    }

    /** What a JVM's threads are doing, for a failure's message. */
    private String threads() {
        try {
            Path jstack = Path.of(System.getProperty("java.home"), "bin", "jstack");
            Process dump = new ProcessBuilder(jstack.toString(), Long.toString(pid()))
                    .redirectErrorStream(true)
                    .start();
            return "\n" + new String(dump.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "\n(no thread dump: " + e.getMessage() + ")";
        }
    }

    private static Thread collect(InputStream stream, List<String> lines) {
        return Thread.ofPlatform().daemon().start(() -> {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    add(lines, line);
                }
            } catch (IOException e) {
                add(lines, "(reading failed: " + e.getMessage() + ")");
            }
        });
    }

    private static void add(List<String> lines, String line) {
        synchronized (lines) {
            lines.add(line);
            lines.notifyAll();
        }
    }

    private void waitForLine() {
        try {
            // The end of the stream notifies nobody: look again from time to time.
            out.wait(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
