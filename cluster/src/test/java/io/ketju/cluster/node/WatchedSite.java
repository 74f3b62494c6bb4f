package io.ketju.cluster.node;

import io.ketju.actors.message.OutputAddress;
import io.ketju.actors.message.OutputCommand;
import io.ketju.actors.message.RunFailure;
import io.ketju.actors.message.RunTicket;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.piece.FolderWays;
import io.ketju.actors.run.RunSite;
import io.ketju.actors.run.WorkerNews;
import io.ketju.actors.transport.FeederLinks;
import io.ketju.actors.transport.HostedLinks;
import io.ketju.actors.transport.StageTransport;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.tensor.core.TensorCore;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * A site that counts the ways to stages that are opened from where the run is directed: over none of them, no tensor leaves.
 *
 * @param ways opened so far
 */
record WatchedSite(RunSite site, AtomicInteger ways) implements RunSite {
    @Override
    public StageTransport transport() {
        StageTransport transport = site.transport();
        return new StageTransport() {
            @Override
            public Optional<InetSocketAddress> address() {
                return transport.address();
            }

            @Override
            public void attendedBy(TensorCore core) {
                transport.attendedBy(core);
            }

            @Override
            public HostedLinks hosted(WorkerCommand.PlaceStages placement) {
                return transport.hosted(placement);
            }

            @Override
            public FeederLinks feeding(PipelineSpec pipeline, RunTicket ticket) {
                FeederLinks links = transport.feeding(pipeline, ticket);
                return to -> {
                    ways.incrementAndGet();
                    return links.open(to);
                };
            }

            @Override
            public OutputAddress takingOutputs(
                    PipelineSpec pipeline, RunTicket ticket, ActorRef<OutputCommand> receiver) {
                return transport.takingOutputs(pipeline, ticket, receiver);
            }

            @Override
            public Optional<FolderWays> folder(PipelineSpec pipeline, RunTicket ticket) {
                return transport.folder(pipeline, ticket);
            }

            @Override
            public Optional<FolderWays> copies(PipelineSpec pipeline, RunTicket next) {
                return transport.copies(pipeline, next);
            }

            @Override
            public void close() {
                transport.close();
            }
        };
    }

    @Override
    public <T> ActorSystem<T> start(Behavior<T> guardian) {
        return site.start(guardian);
    }

    @Override
    public void end(ActorSystem<?> system, Optional<String> lost) {
        site.end(system, lost);
    }

    @Override
    public List<ActorRef<WorkerCommand>> findWorkers(ActorContext<?> context, ActorRef<WorkerNews> news) {
        return site.findWorkers(context, news);
    }

    @Override
    public String describe(RunFailure.WorkerLost lost) {
        return site.describe(lost);
    }

    @Override
    public void close() {
        site.close();
    }
}
