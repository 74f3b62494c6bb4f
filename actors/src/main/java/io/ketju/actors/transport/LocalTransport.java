package io.ketju.actors.transport;

import io.ketju.actors.message.OutputAddress;
import io.ketju.actors.message.OutputCommand;
import io.ketju.actors.message.RunTicket;
import io.ketju.actors.message.StageAddress;
import io.ketju.actors.message.StageCommand;
import io.ketju.actors.message.StageLink;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.stage.LocalLink;
import io.ketju.actors.stage.OutputLink;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.tensor.core.TensorCore;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;

/** For runs that stay in one JVM: the lease itself moves, and nothing has to be opened, buffered or closed. */
public final class LocalTransport implements StageTransport {
    /** One for any number of runs. */
    public LocalTransport() {}

    @Override
    public Optional<InetSocketAddress> address() {
        return Optional.empty();
    }

    @Override
    public void attendedBy(TensorCore core) {}

    @Override
    public HostedLinks hosted(WorkerCommand.PlaceStages placement) {
        return new Hosted();
    }

    @Override
    public FeederLinks feeding(PipelineSpec pipeline, RunTicket ticket) {
        return LocalTransport::link;
    }

    @Override
    public OutputAddress takingOutputs(PipelineSpec pipeline, RunTicket ticket, ActorRef<OutputCommand> receiver) {
        return new OutputAddress(receiver, Optional.empty());
    }

    @Override
    public void close() {}

    private static CompletableFuture<StageLink> link(StageAddress to) {
        return CompletableFuture.completedFuture(new LocalLink(to.actor(), to.stage()));
    }

    /** The receiver finds the sender's own lease: there is nothing at its end. */
    private static final class Hosted implements HostedLinks {
        @Override
        public void receive(int stage, ActorRef<StageCommand> actor) {}

        @Override
        public CompletableFuture<StageLink> open(
                int from, ActorRef<StageCommand> sender, StageAddress to, TensorKey.Kind kind) {
            return link(to);
        }

        @Override
        public CompletableFuture<StageLink> openOutputs(int from, ActorRef<StageCommand> sender, OutputAddress to) {
            return CompletableFuture.completedFuture(new OutputLink(to.receiver()));
        }

        @Override
        public void release() {}

        @Override
        public CompletableFuture<Void> sent() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Void> drained() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {}
    }
}
