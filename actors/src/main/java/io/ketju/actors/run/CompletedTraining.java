package io.ketju.actors.run;

import io.ketju.actors.checkpoint.Checkpoint;
import io.ketju.actors.checkpoint.CheckpointHash;
import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.coordinator.ScheduleSwitch;
import io.ketju.actors.job.BestEpoch;
import io.ketju.actors.job.Measured;
import io.ketju.actors.job.Repartition;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingFailedException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.pipeline.schedule.Schedule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A run that had nothing left to do when it was resumed: no actor starts, no listener hears anything, the run's folder
 * stays as it is. What the final weights give on the test samples is measured, what training once gave is not known.
 */
final class CompletedTraining implements Training {
    private final TrainingJob job;
    private final RunDirectory directory;
    private final Checkpoint last;
    private @Nullable TrainedModel model;
    private @Nullable TrainingResult result;
    private boolean closed;

    CompletedTraining(TrainingJob job, RunDirectory directory, Checkpoint last) {
        this.job = job;
        this.directory = directory;
        this.last = last;
    }

    @Override
    public void stop(String reason) {}

    @Override
    public boolean isDone() {
        return true;
    }

    /** No step begins any more. */
    @Override
    public void schedule(Schedule next) {
        new ScheduleSwitch(job.schedule()).choose(next);
    }

    @Override
    public CompletionStage<TrainingEvent.Repartitioned> repartition(Repartition wish) {
        return CompletableFuture.failedFuture(new IllegalStateException("repartition: the run is complete"));
    }

    @Override
    public synchronized TrainingResult await() {
        if (result != null) {
            return result;
        }
        if (closed) {
            throw new TrainingFailedException("the run was closed before its end");
        }
        TrainedModel trained = SavedModels.load(job, directory.given(last).directory());
        model = trained;
        writeMissingWeights(trained);
        long start = System.nanoTime();
        Optional<Evaluation> test = job.test().map(trained::evaluate);
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        TrainingResult made = new TrainingResult(
                last.step(),
                true,
                Optional.empty(),
                Measured.NONE,
                test.map(Evaluation::metrics).orElse(Measured.NONE),
                BestEpoch.in(last.manifest().progress()),
                CheckpointHash.of(last),
                new TrainingResult.Phases(Duration.ZERO, Duration.ZERO, time, Duration.ZERO),
                Optional.of(directory.path()));
        result = made;
        return made;
    }

    /** A run that died between its last checkpoint and its end has not written them yet. */
    private void writeMissingWeights(TrainedModel trained) {
        if (Files.exists(directory.weights())) {
            return;
        }
        try {
            SavedModels.writeWeights(job, directory, trained);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + directory.weights() + ": " + e, e);
        }
    }

    @Override
    public synchronized TrainedModel model() {
        if (model == null) {
            throw new IllegalStateException("no model before await() has returned a result, nor after close()");
        }
        return model;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (model != null) {
            model.close();
            model = null;
        }
    }
}
