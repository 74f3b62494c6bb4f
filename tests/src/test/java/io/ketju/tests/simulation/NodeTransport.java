package io.ketju.tests.simulation;

import io.ketju.actors.message.OutputAddress;
import io.ketju.actors.message.OutputCommand;
import io.ketju.actors.message.RunTicket;
import io.ketju.actors.message.StageLink;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.transport.FeederLinks;
import io.ketju.actors.transport.HostedLinks;
import io.ketju.actors.transport.StageTransport;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.stage.StagePorts;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.tensor.core.TensorCore;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;

/** How tensors come to the stages of one node and leave them: by reference within it, else by {@link Wires}. */
final class NodeTransport implements StageTransport {
    private final World world;
    private final Wires wires;
    private final Node node;
    private int incarnation;

    NodeTransport(World world, Wires wires, Node node) {
        this.world = world;
        this.wires = wires;
        this.node = node;
    }

    /** Of the placement that was made here last. */
    int incarnation() {
        return incarnation;
    }

    /** No real address: others find the node by its actors. */
    @Override
    public Optional<InetSocketAddress> address() {
        return Optional.empty();
    }

    @Override
    public void attendedBy(TensorCore core) {}

    @Override
    public HostedLinks hosted(WorkerCommand.PlaceStages placement) {
        incarnation = placement.ticket().incarnation();
        return new NodeLinks(this, placement);
    }

    @Override
    public FeederLinks feeding(PipelineSpec pipeline, RunTicket ticket) {
        return to -> open(
                new Edge(ticket, StagePorts.FEEDER, to.stage(), TensorKey.Kind.FED),
                world.nodeOf(org.apache.pekko.actor.typed.javadsl.Adapter.toClassic(to.actor())
                        .path()),
                pipeline);
    }

    private CompletableFuture<StageLink> open(Edge edge, Node to, PipelineSpec pipeline) {
        Outgoing sender = new Outgoing(world, wires, node, edge, cause -> {});
        return open(sender, to, pipeline);
    }

    CompletableFuture<StageLink> open(Outgoing sender, Node to, PipelineSpec pipeline) {
        sender.credits(sender.edge().buffers(pipeline));
        return wires.open(sender, to).thenApply(opened -> opened);
    }

    @Override
    public OutputAddress takingOutputs(PipelineSpec pipeline, RunTicket ticket, ActorRef<OutputCommand> receiver) {
        throw new IllegalStateException("simulated runs are of jobs, not of sessions");
    }

    World world() {
        return world;
    }

    Wires wires() {
        return wires;
    }

    Node node() {
        return node;
    }

    @Override
    public void close() {}
}
