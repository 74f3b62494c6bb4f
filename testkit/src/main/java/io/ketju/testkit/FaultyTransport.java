package io.ketju.testkit;

import io.ketju.actors.message.OutputAddress;
import io.ketju.actors.message.OutputCommand;
import io.ketju.actors.message.RunTicket;
import io.ketju.actors.message.StageAddress;
import io.ketju.actors.message.StageCommand;
import io.ketju.actors.message.StageLink;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.transport.FeederLinks;
import io.ketju.actors.transport.HostedLinks;
import io.ketju.actors.transport.LocalTransport;
import io.ketju.actors.transport.StageTransport;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.stage.StagePorts;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * Tensors between the stages of one JVM, as runs there have them, with one failure at a chosen message: the first that fits.
 *
 * <pre>{@code
 * Runs.embedded(job, FaultyTransport.at(tensor -> tensor.key().window() == 2, Fault.LINK_LOST), List.of());
 * }</pre>
 */
public final class FaultyTransport implements StageTransport {
    /** What happens to the chosen message. */
    public enum Fault {
        /** It is lost, and both sides hear that their connection broke. */
        LINK_LOST,
        /** Sending it throws. */
        SEND_THROWS,
        /** It comes twice. */
        REPEATED
    }

    /**
     * One tensor on its way.
     *
     * @param from a stage, or {@link StagePorts#FEEDER}
     * @param to a stage
     * @param key which tensor of which micro-batch
     */
    public record Passage(int from, int to, TensorKey key) {}

    private final LocalTransport local = new LocalTransport();
    private final Predicate<Passage> chosen;
    private final Fault fault;
    private final AtomicBoolean failed = new AtomicBoolean();
    private final AtomicReference<@Nullable TensorPool> copies = new AtomicReference<>();

    private FaultyTransport(Predicate<Passage> chosen, Fault fault) {
        this.chosen = chosen;
        this.fault = fault;
    }

    /**
     * For {@code Runs.embedded}.
     *
     * @param chosen asked for every tensor, from several threads, until it first says yes
     * @param fault what happens to that one
     * @return a new transport for each run, with a failure of its own
     */
    public static Supplier<StageTransport> at(Predicate<Passage> chosen, Fault fault) {
        return () -> new FaultyTransport(chosen, fault);
    }

    @Override
    public Optional<InetSocketAddress> address() {
        return local.address();
    }

    @Override
    public void attendedBy(TensorCore core) {
        local.attendedBy(core);
    }

    @Override
    public HostedLinks hosted(WorkerCommand.PlaceStages placement) {
        return new Hosted(local.hosted(placement));
    }

    @Override
    public FeederLinks feeding(PipelineSpec pipeline, RunTicket ticket) {
        FeederLinks links = local.feeding(pipeline, ticket);
        return to -> links.open(to).thenApply(link -> new Faulty(link, StagePorts.FEEDER, Optional.empty(), to));
    }

    @Override
    public OutputAddress takingOutputs(PipelineSpec pipeline, RunTicket ticket, ActorRef<OutputCommand> receiver) {
        return local.takingOutputs(pipeline, ticket, receiver);
    }

    @Override
    public void close() {
        local.close();
        TensorPool pool = copies.getAndSet(null);
        if (pool != null) {
            pool.close();
        }
    }

    /** Whether this message is the one; it is once. */
    private boolean fails(Passage passage) {
        return !failed.get() && chosen.test(passage) && failed.compareAndSet(false, true);
    }

    private TensorLease copy(TensorLease lease) {
        TensorPool pool =
                new TensorPool("a repeated message", lease.tensor().segment().byteSize(), 1);
        copies.set(pool);
        TensorLease copy = pool.lease(lease.tensor().dtype(), lease.tensor().shape());
        copy.tensor().copyFrom(lease.tensor());
        return copy;
    }

    /** A link that may fail. */
    private final class Faulty implements StageLink {
        private final StageLink link;
        private final int from;
        private final Optional<ActorRef<StageCommand>> sender;
        private final StageAddress to;

        Faulty(StageLink link, int from, Optional<ActorRef<StageCommand>> sender, StageAddress to) {
            this.link = link;
            this.from = from;
            this.sender = sender;
            this.to = to;
        }

        @Override
        public void send(TensorKey key, TensorLease lease) {
            Passage passage = new Passage(from, to.stage(), key);
            if (!fails(passage)) {
                link.send(key, lease);
                return;
            }
            switch (fault) {
                case LINK_LOST -> {
                    lease.close();
                    sender.ifPresent(actor -> actor.tell(new StageCommand.LinkLost(to.stage(), "chosen by the test")));
                    to.actor().tell(new StageCommand.LinkLost(from, "chosen by the test"));
                }
                case SEND_THROWS -> throw new IllegalStateException("chosen by the test: " + passage);
                case REPEATED -> {
                    TensorLease again = copy(lease);
                    link.send(key, lease);
                    link.send(key, again);
                }
            }
        }

        @Override
        public void close() {
            link.close();
        }
    }

    /** Both ends of local links, of which those that go out may fail. */
    private final class Hosted implements HostedLinks {
        private final HostedLinks links;

        Hosted(HostedLinks links) {
            this.links = links;
        }

        @Override
        public void receive(int stage, ActorRef<StageCommand> actor) {
            links.receive(stage, actor);
        }

        @Override
        public CompletableFuture<StageLink> open(
                int from, ActorRef<StageCommand> sender, StageAddress to, TensorKey.Kind kind) {
            return links.open(from, sender, to, kind)
                    .thenApply(link -> new Faulty(link, from, Optional.of(sender), to));
        }

        @Override
        public CompletableFuture<StageLink> openOutputs(int from, ActorRef<StageCommand> sender, OutputAddress to) {
            return links.openOutputs(from, sender, to);
        }

        @Override
        public void release() {
            links.release();
        }

        @Override
        public CompletableFuture<Void> sent() {
            return links.sent();
        }

        @Override
        public CompletableFuture<Void> drained() {
            return links.drained();
        }

        @Override
        public void close() {
            links.close();
        }
    }
}
