package io.ketju.benchmarks.pipeline;

import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.run.Training;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.Turn;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A run of stage actors that goes on as long as this is open and takes steps when it is told to. What is timed lies
 * between two steps that a listener sees, with more steps before and behind: the pipeline neither fills nor runs dry.
 */
final class RunningJob implements AutoCloseable {
    /** Steps that are taken and not timed: as many as are granted ahead, and one. */
    private static final int AROUND = 3;

    private static final int LEAST = 3;

    /** A stretch of steps that somebody waits for. */
    private static final class Stretch {
        final CompletableFuture<Void> done = new CompletableFuture<>();
        final long first;
        final long last;
        final long end;
        long begun;
        long ended;

        Stretch(long from, long timed, long around) {
            first = from + around;
            last = first + timed;
            end = last + around;
        }

        void finished(long step, long now) {
            if (step == first) {
                begun = now;
            }
            if (step == last) {
                ended = now;
            }
            if (step == end) {
                done.complete(null);
            }
        }
    }

    private final Gate gate;
    private final int ahead;
    private final Training training;
    private final CompletableFuture<?> failure;
    private volatile @Nullable Stretch stretch;
    private long taken;
    private double stepsPerSecond;

    /**
     * @param job over {@link GatedBatches} of this gate
     * @param start of a run
     */
    RunningJob(TrainingJob job, Gate gate, BiFunction<TrainingJob, TrainingListener, Training> start) {
        this(job, gate, start, 0);
    }

    /** @param ahead steps that must have begun before an earlier one can end: none where a step has a flush */
    RunningJob(TrainingJob job, Gate gate, BiFunction<TrainingJob, TrainingListener, Training> start, int ahead) {
        this.gate = gate;
        this.ahead = ahead;
        training = start.apply(job, this::heard);
        failure = CompletableFuture.runAsync(
                training::await,
                task -> Thread.ofPlatform().daemon().name("awaits the run").start(task));
    }

    private void heard(TrainingEvent event) {
        Stretch current = stretch;
        if (current != null && event instanceof TrainingEvent.StepFinished step) {
            current.finished(step.step(), System.nanoTime());
        }
    }

    /** So many steps, all of them taken when this returns; how many of them were taken per second. */
    double steps(long timed) {
        return steps(timed, AROUND);
    }

    /** One step, with nothing before and behind. */
    void step() {
        steps(1, 0);
    }

    private double steps(long timed, long around) {
        Stretch next = new Stretch(taken, timed, around);
        stretch = next;
        taken = next.end;
        gate.allow(next.end + ahead);
        try {
            CompletableFuture.anyOf(next.done, failure).join();
        } catch (CompletionException e) {
            throw new IllegalStateException("a measured run failed: " + e.getCause(), e.getCause());
        }
        return timed * 1e9 / (next.ended - next.begun);
    }

    /** Steps taken so far. */
    long taken() {
        return taken;
    }

    /** A turn of about the effort's time, going by the turn before; its rate is of samples. */
    Turn turn(int batchSize, Effort effort) {
        return () -> {
            double seconds = effort.turn().toNanos() / 1e9;
            stepsPerSecond = steps(Math.max(LEAST, Math.round(stepsPerSecond * seconds)));
            return batchSize * stepsPerSecond;
        };
    }

    /** Ends the run. */
    @Override
    public void close() {
        training.stop("measured");
        gate.open();
        training.close();
    }
}
