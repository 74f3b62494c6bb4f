package io.ketju.actors.run;

import io.ketju.actors.feed.DataReading;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.Assignment;
import io.ketju.actors.message.FeedPlacement;
import io.ketju.pipeline.stage.StagePorts;
import java.util.Optional;
import java.util.function.IntPredicate;

/** Chooses who is asked to feed a run: the worker with the first stage that reads the batch, unless that is in this JVM. */
final class FeedChoice {
    private FeedChoice() {}

    /**
     * The worker to ask; empty: this JVM feeds, for the data or the first reader is here alone.
     *
     * @param isHere whether a worker is in this JVM
     */
    static Optional<FeedPlacement> of(TrainingJob job, Assignment assignment, IntPredicate isHere) {
        return StagePorts.all(job.pipeline()).stream()
                .filter(ports -> !ports.fed().isEmpty())
                .findFirst()
                .map(ports -> assignment.workerOf(ports.stage()))
                .filter(worker -> !isHere.test(worker))
                .flatMap(worker -> DataReading.of(job).map(data -> new FeedPlacement(worker, data)));
    }
}
