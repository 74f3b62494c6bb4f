package io.ketju.tests;

import io.ketju.actors.job.Repartition;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.Training;
import io.ketju.cluster.KetjuCluster;
import io.ketju.cluster.link.DataPath;
import io.ketju.cluster.node.ClusterOptions;
import io.ketju.deploy.launch.Address;
import io.ketju.deploy.launch.LocalWorkers;
import io.ketju.deploy.launch.ParentWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * A run over worker processes that this JVM has started and directs, as {@code ketju launch} does: so its events are seen at once, and
 * its workers can be killed at any of them.
 */
final class WatchedLaunch implements AutoCloseable {
    /** What happened, and when. */
    record Told(TrainingEvent event, long nanos) {}

    private final LocalWorkers workers;
    private final Training training;
    private final List<Told> told = new ArrayList<>();

    /**
     * Starts workers and the run.
     *
     * @param during hears of every event on the run's own thread, with this
     */
    WatchedLaunch(TrainingJob job, int count, BiConsumer<TrainingEvent, WatchedLaunch> during) {
        Address meeting = Address.free("127.0.0.1");
        workers = LocalWorkers.start(
                count,
                List.of(
                        "node",
                        "--seed-node",
                        meeting.toString(),
                        "--host",
                        meeting.host(),
                        "--threads",
                        "1",
                        ParentWatch.OPTION));
        try {
            TrainingListener listener = event -> {
                add(event);
                during.accept(event, this);
            };
            training = KetjuCluster.start(
                    job,
                    new ClusterOptions(
                            meeting.host(),
                            meeting.port(),
                            List.of(meeting.toString()),
                            count,
                            ChildProcess.PATIENCE,
                            DataPath.AUTO,
                            workers,
                            Optional.empty()),
                    listener);
        } catch (RuntimeException e) {
            workers.close();
            throw e;
        }
    }

    /** All that were started, in the order of starting. */
    List<Process> processes() {
        return workers.processes();
    }

    /** The worker that was started first of those that live: a run has it, whether or not one that was started later came in time. */
    Process oldest() {
        return processes().stream().filter(Process::isAlive).findFirst().orElseThrow();
    }

    /** What was told so far. */
    List<TrainingEvent> events() {
        synchronized (told) {
            return told.stream().map(Told::event).toList();
        }
    }

    /** Waits until something is told that was not told before a moment; returns when that was. */
    long await(long after, Predicate<TrainingEvent> wanted) {
        return awaitTold(after, wanted).nanos();
    }

    /** The same, with what it was. */
    Told awaitTold(long after, Predicate<TrainingEvent> wanted) {
        long deadline = System.nanoTime() + ChildProcess.PATIENCE.toNanos();
        synchronized (told) {
            int next = told.size();
            while (next > 0 && told.get(next - 1).nanos() - after > 0) {
                next--;
            }
            while (true) {
                for (; next < told.size(); next++) {
                    if (wanted.test(told.get(next).event())) {
                        return told.get(next);
                    }
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError("not told in time; last of " + told.size() + ": "
                            + told.subList(Math.max(0, told.size() - 20), told.size()));
                }
                try {
                    told.wait(1000);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    /** Has the run go on with other stages. */
    CompletionStage<TrainingEvent.Repartitioned> repartition(Repartition wish) {
        return training.repartition(wish);
    }

    TrainingResult result() {
        return training.await();
    }

    private void add(TrainingEvent event) {
        synchronized (told) {
            told.add(new Told(event, System.nanoTime()));
            told.notifyAll();
        }
    }

    @Override
    public void close() {
        try (workers) {
            training.close();
        }
    }
}
