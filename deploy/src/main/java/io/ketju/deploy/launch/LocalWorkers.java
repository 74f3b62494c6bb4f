package io.ketju.deploy.launch;

import io.ketju.cluster.node.WorkerLauncher;
import io.ketju.layers.join.Joints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Worker JVMs on this machine, started with this JVM's own flags. They never outlive it: each reads the pipe that this
 * process holds open, and ends when the pipe does. Ctrl-C reaches only this process, which then stops them in order.
 */
public final class LocalWorkers implements WorkerLauncher, AutoCloseable {
    private final List<String> command;
    private final List<Process> processes = new ArrayList<>();
    private final List<PrintedTail> printed = new ArrayList<>();
    private boolean closed;

    private LocalWorkers(List<String> command) {
        this.command = List.copyOf(command);
    }

    /**
     * Starts workers. Whoever uses them watches them: see {@link #processes}.
     *
     * @param arguments of each one's command line
     */
    public static LocalWorkers start(int count, List<String> arguments) {
        LocalWorkers workers = new LocalWorkers(command(arguments));
        try {
            for (int number = 1; number <= count; number++) {
                workers.startOne();
            }
            return workers;
        } catch (UncheckedIOException e) {
            workers.close();
            throw e;
        }
    }

    private synchronized Process startOne() {
        if (closed) {
            throw new IllegalStateException("the workers of this process have been ended");
        }
        try {
            Process process =
                    new ProcessBuilder(command).redirectOutput(Redirect.DISCARD).start();
            processes.add(process);
            printed.add(PrintedTail.of(process.getErrorStream()));
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException("worker processes cannot be started", e);
        }
    }

    @Override
    public Optional<Process> more() {
        return Optional.of(startOne());
    }

    @Override
    public Process replace(Process gone) {
        gone.destroyForcibly();
        return startOne();
    }

    /** What worker 1, 2 ... complained of, its log included, once it has ended: the last of it. */
    synchronized String complaints(int number) {
        return printed.get(number - 1).text();
    }

    @Override
    public synchronized List<Process> processes() {
        return List.copyOf(processes);
    }

    /** The JVM leaves a signal alone that was ignored when it started, which only a shell can arrange. */
    private static List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "trap '' INT; exec \"$0\" \"$@\""));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.startsWith("-Dketju.") || flag.startsWith("-D" + Joints.PROPERTY + "="))
                .forEach(command::add);
        command.add("-D" + LogFile.TO_STANDARD_ERROR + "=true");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.ketju.deploy.Main"));
        command.addAll(arguments);
        return command;
    }

    /**
     * Ends all workers, which nothing needs any more: first by telling them, then by force. What they complained of goes into the log, and how
     * those ended that did not end well.
     */
    @Override
    public void close() {
        List<Process> all = end();
        WorkerEnd.of(all);
        for (int number = 1; number <= all.size(); number++) {
            WorkerEnd.log(name(number), all.get(number - 1), complaints(number));
        }
    }

    /** No more are started; returns all that were. */
    private synchronized List<Process> end() {
        closed = true;
        return processes();
    }
}
