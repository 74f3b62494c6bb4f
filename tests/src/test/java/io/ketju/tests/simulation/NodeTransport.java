package io.ketju.tests.simulation;

import io.ketju.actors.message.OutputAddress;
import io.ketju.actors.message.OutputCommand;
import io.ketju.actors.message.RunTicket;
import io.ketju.actors.message.StageLink;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.piece.FolderWays;
import io.ketju.actors.piece.PieceLink;
import io.ketju.actors.piece.PieceSender;
import io.ketju.actors.transport.FeederLinks;
import io.ketju.actors.transport.HostedLinks;
import io.ketju.actors.transport.StageTransport;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.stage.StagePorts;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.tensor.core.TensorCore;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;

/** How tensors and files come to the stages of one node and leave them: by reference within it, else by {@link Wires}. */
final class NodeTransport implements StageTransport {
    private final World world;
    private final Wires wires;
    private final Node node;
    private final boolean sharesFolder;
    private final PieceSender pieces = new PieceSender();
    private final List<NodeFolder> folders = new ArrayList<>();
    private int incarnation;

    /** @param sharesFolder whether every node has the run's folder, as the threads of one process have */
    NodeTransport(World world, Wires wires, Node node, boolean sharesFolder) {
        this.world = world;
        this.wires = wires;
        this.node = node;
        this.sharesFolder = sharesFolder;
    }

    /** Of the placement that was made here last. */
    int incarnation() {
        return incarnation;
    }

    @Override
    public Optional<InetSocketAddress> address() {
        return Optional.of(ownAddress());
    }

    /** No real one: the node's name. */
    InetSocketAddress ownAddress() {
        return InetSocketAddress.createUnresolved(node.name(), 1);
    }

    boolean sharesFolder() {
        return sharesFolder;
    }

    /** Sends the files of the run's folder. */
    PieceSender pieces() {
        return pieces;
    }

    FileWay openFiles(FileEdge edge, InetSocketAddress to) {
        return wires.files().open(node, world.node(to.getHostString()), edge);
    }

    @Override
    public Optional<FolderWays> folder(PipelineSpec pipeline, RunTicket ticket) {
        return opened(pipeline, ticket, FileEdge.Kind.SHARD);
    }

    @Override
    public Optional<FolderWays> copies(PipelineSpec pipeline, RunTicket next) {
        return opened(pipeline, next, FileEdge.Kind.KEPT);
    }

    private Optional<FolderWays> opened(PipelineSpec pipeline, RunTicket ticket, FileEdge.Kind kind) {
        if (sharesFolder) {
            return Optional.empty();
        }
        NodeFolder opened = new NodeFolder(this, ticket, kind, pipeline.keptStages());
        folders.add(opened);
        return Optional.of(opened);
    }

    /** Open at once, as who asks waits for it on the thread of all. */
    @Override
    public CompletableFuture<PieceLink> toFolder(RunTicket next, int stage, InetSocketAddress folder) {
        return CompletableFuture.completedFuture(openFiles(new FileEdge(next, FileEdge.Kind.KEPT, stage), folder));
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
    public void close() {
        folders.forEach(NodeFolder::free);
        pieces.close();
    }
}
