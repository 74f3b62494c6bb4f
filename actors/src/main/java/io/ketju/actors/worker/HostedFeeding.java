package io.ketju.actors.worker;

import io.ketju.actors.checkpoint.RootFolders;
import io.ketju.actors.feed.BatchFeeder;
import io.ketju.actors.feed.DataReading;
import io.ketju.actors.feed.FeedAhead;
import io.ketju.actors.feed.MicrobatchBuffers;
import io.ketju.actors.job.DataForms;
import io.ketju.actors.job.JobBatches;
import io.ketju.actors.message.FeederCommand;
import io.ketju.actors.message.ReadableData;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.transport.StageTransport;
import java.util.Optional;
import org.apache.pekko.actor.typed.Behavior;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The feeder of a run beside the stages that a worker holds: where the run's data can be read there too. */
final class HostedFeeding {
    private static final Logger LOG = LoggerFactory.getLogger(HostedFeeding.class);

    private HostedFeeding() {}

    /** Reads what the placement is to be fed with; empty if it asks for nothing, or for what is not here. */
    static Optional<MicrobatchBuffers> samples(WorkerCommand.PlaceStages placement, RootFolders roots) {
        return placement
                .feeds()
                .flatMap(data -> batches(data, placement, roots))
                .map(batches -> {
                    FeedAhead ahead = FeedAhead.of(placement.pipeline());
                    return new MicrobatchBuffers(batches, placement.ticket().incarnation(), ahead);
                });
    }

    private static Optional<JobBatches> batches(
            ReadableData data, WorkerCommand.PlaceStages placement, RootFolders roots) {
        try {
            DataForms.paths(data.name()).forEach(path -> roots.require("data", path));
            return Optional.of(DataReading.read(data, placement.pipeline()));
        } catch (RuntimeException e) { // whatever is wrong with it here, there is one who has it
            LOG.warn("cannot feed '{}' from here: {}", placement.run(), e.getMessage());
            return Optional.empty();
        }
    }

    /** A feeder of these samples that reaches stages of this worker by reference where its transport allows. */
    static Behavior<FeederCommand> feeder(
            MicrobatchBuffers samples, WorkerCommand.PlaceStages placement, StageTransport transport) {
        return BatchFeeder.create(
                samples,
                stages -> transport
                        .feeding(placement.pipeline(), placement.ticket())
                        .openAll(placement.pipeline(), stages)
                        .thenApply(BatchFeeder.Links::new));
    }
}
