package io.ketju.cluster.node;

import io.ketju.actors.message.RunFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** The worker processes that a run's caller has started: they are watched, and called by their number from 1. */
final class LaunchedWorkers {
    /** A connection may break a little before its process has ended. */
    private static final Duration EXIT_PATIENCE = Duration.ofSeconds(2);

    private final List<Process> processes;
    private final Map<String, Process> processAt = new ConcurrentHashMap<>();

    LaunchedWorkers(List<Process> processes) {
        this.processes = List.copyOf(processes);
    }

    /** Tells of every process that ends, by its process number; of one that has ended already, at once. */
    void onEnd(LongConsumer ended) {
        for (Process process : processes) {
            CompletionStage<Process> exit = process.onExit();
            exit.thenAccept(gone -> ended.accept(gone.pid()));
        }
    }

    /** A worker has joined. {@code pid} may be of a process that somebody else has started. */
    void joined(String address, long pid) {
        processes.stream().filter(process -> process.pid() == pid).findFirst().ifPresent(process -> {
            processAt.put(address, process);
        });
    }

    /** Whether every node of these processes, of which empty ones are unknown, is of a process that was started here. */
    boolean areAll(List<OptionalLong> pids) {
        return !processes.isEmpty()
                && pids.stream()
                        .allMatch(pid -> pid.isPresent()
                                && processes.stream().anyMatch(process -> process.pid() == pid.getAsLong()));
    }

    /** One line about a process that ended when there was no run yet. */
    String endedEarly(long pid) {
        return processes.stream()
                .filter(process -> process.pid() == pid)
                .findFirst()
                .map(process -> name(process) + " " + fate(process) + " before the run began")
                .orElseThrow(() -> new IllegalArgumentException("process " + pid + " was not started by this one"));
    }

    /** One line about a lost worker, with how its process ended if it was started here. */
    String line(RunFailure.WorkerLost lost) {
        return Optional.ofNullable(processAt.get(lost.address()))
                .map(process -> lost.line(name(process), fate(process)))
                .orElseGet(lost::line);
    }

    private String name(Process process) {
        return "worker " + (processes.indexOf(process) + 1) + " (process " + process.pid() + ")";
    }

    private static String fate(Process process) {
        try {
            if (process.waitFor(EXIT_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                return "ended with exit code " + process.exitValue();
            }
        } catch (InterruptedException e) {
            // The caller's affair; what is known so far is enough.
            Thread.currentThread().interrupt();
        }
        return "was lost";
    }
}
