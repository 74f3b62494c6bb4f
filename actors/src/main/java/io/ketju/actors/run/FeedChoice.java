package io.ketju.actors.run;

import io.ketju.actors.feed.DataReading;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.Assignment;
import io.ketju.actors.message.FeedPlacement;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.pipeline.stage.StagePorts;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** Chooses who is asked to feed a run: the worker with the first stage that reads the batch, unless that is in this JVM. */
final class FeedChoice {
    private FeedChoice() {}

    /** The worker to ask; empty: this JVM feeds, as the data is here alone or the first reader is. */
    static Optional<FeedPlacement> of(
            TrainingJob job, Assignment assignment, List<ActorRef<WorkerCommand>> workers) {
        int first = firstReader(job);
        int worker = assignment.workerOf(first);
        if (workers.get(worker).path().address().hasLocalScope()) {
            return Optional.empty();
        }
        return DataReading.of(job).map(data -> new FeedPlacement(worker, data));
    }

    private static int firstReader(TrainingJob job) {
        return StagePorts.all(job.pipeline()).stream()
                .filter(ports -> !ports.fed().isEmpty())
                .mapToInt(StagePorts::stage)
                .min()
                .orElse(0);
    }
}
