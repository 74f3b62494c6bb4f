package io.ketju.cluster.node;

import io.ketju.actors.message.RunFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** The worker processes that a run's caller has started: they are watched, and called by their number from 1. */
final class LaunchedWorkers {
    /** A connection may break a little before its process has ended. */
    private static final Duration EXIT_PATIENCE = Duration.ofSeconds(2);

    private final WorkerLauncher launcher;
    private final Map<String, Process> processAt = new ConcurrentHashMap<>();
    /** Those in whose place another was started. */
    private final Set<Long> replaced = ConcurrentHashMap.newKeySet();
    /** Those that are about to go, and have another in their place by then. */
    private final Set<Long> succeeded = ConcurrentHashMap.newKeySet();
    /** Who hears of the end of every process. */
    private volatile LongConsumer hearing = pid -> {};

    LaunchedWorkers(WorkerLauncher launcher) {
        this.launcher = launcher;
    }

    /** Tells of every process that ends, by its process number; of one that has ended already, at once. */
    void onEnd(LongConsumer ended) {
        hearing = ended;
        launcher.processes().forEach(process -> onEnd(process, ended));
    }

    private static void onEnd(Process process, LongConsumer ended) {
        CompletionStage<Process> exit = process.onExit();
        exit.thenAccept(gone -> ended.accept(gone.pid()));
    }

    /**
     * Starts a process in place of each that has ended, and of the one that was lost at this address: whatever holds it up, it has no
     * part in the run any more, and goes. Its end is told like any other.
     */
    void replaceGone(Optional<String> lost, LongConsumer ended) {
        Optional<Process> given = lost.map(processAt::get);
        for (Process process : launcher.processes()) {
            boolean gone = !process.isAlive() || given.filter(process::equals).isPresent();
            if (gone && !succeeded.contains(process.pid()) && replaced.add(process.pid())) {
                onEnd(launcher.replace(process), ended);
            }
        }
    }

    /** Starts so many more, if that can be; how many were started. The end of each is told like any other. */
    int start(int count) {
        int started = 0;
        Optional<Process> more = launcher.more();
        while (more.isPresent()) {
            onEnd(more.get(), hearing);
            started++;
            more = started < count ? launcher.more() : Optional.empty();
        }
        return started;
    }

    /** The worker at this address is about to go, if it was started here: starts one more, if that can be. */
    void succeed(String address) {
        Process process = processAt.get(address);
        if (process != null && process.isAlive() && succeeded.add(process.pid()) && start(1) == 0) {
            succeeded.remove(process.pid());
        }
    }

    /** Whether another was started in place of this process: nobody waits for it. */
    boolean isReplaced(long pid) {
        return replaced.contains(pid);
    }

    /** Whether some process has not joined yet, and may. */
    boolean someAreToJoin() {
        return launcher.processes().stream()
                .anyMatch(process ->
                        process.isAlive() && !replaced.contains(process.pid()) && !processAt.containsValue(process));
    }

    /** Whether the worker at this address was started here and has ended. */
    boolean hasEnded(String address) {
        Process process = processAt.get(address);
        return process != null && !process.isAlive();
    }

    /** A worker has joined. {@code pid} may be of a process that somebody else has started. */
    void joined(String address, long pid) {
        launcher.processes().stream()
                .filter(process -> process.pid() == pid)
                .findFirst()
                .ifPresent(process -> processAt.put(address, process));
    }

    /** Whether every node of these processes, of which empty ones are unknown, is of a process that was started here. */
    boolean areAll(List<OptionalLong> pids) {
        List<Process> processes = launcher.processes();
        return !processes.isEmpty()
                && pids.stream()
                        .allMatch(pid -> pid.isPresent()
                                && processes.stream().anyMatch(process -> process.pid() == pid.getAsLong()));
    }

    /** One line about a process that has ended, without saying when. */
    String fate(long pid) {
        return launcher.processes().stream()
                .filter(process -> process.pid() == pid)
                .findFirst()
                .map(process -> name(process) + " " + fate(process))
                .orElseThrow(() -> new IllegalArgumentException("process " + pid + " was not started by this one"));
    }

    /** One line about a lost worker, with how its process ended if it was started here. */
    String line(RunFailure.WorkerLost lost) {
        return Optional.ofNullable(processAt.get(lost.address()))
                .map(process -> lost.line(name(process), fate(process)))
                .orElseGet(lost::line);
    }

    /** What a person calls the worker at this address, if it was started here. */
    Optional<String> name(String address) {
        return Optional.ofNullable(processAt.get(address)).map(this::name);
    }

    private String name(Process process) {
        return launcher.name(launcher.processes().indexOf(process) + 1);
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
