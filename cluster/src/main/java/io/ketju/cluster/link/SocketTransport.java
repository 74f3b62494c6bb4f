package io.ketju.cluster.link;

import io.ketju.actors.message.OutputAddress;
import io.ketju.actors.message.OutputCommand;
import io.ketju.actors.message.RunTicket;
import io.ketju.actors.message.StageAddress;
import io.ketju.actors.message.StageLink;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.piece.FolderWays;
import io.ketju.actors.piece.PieceLink;
import io.ketju.actors.piece.PieceSender;
import io.ketju.actors.stage.LocalLink;
import io.ketju.actors.transport.FeederLinks;
import io.ketju.actors.transport.HostedLinks;
import io.ketju.actors.transport.StageTransport;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.protocol.dataplane.DataPlane;
import io.ketju.protocol.dataplane.DataPlaneOptions;
import io.ketju.protocol.dataplane.PlaneSecurity;
import io.ketju.protocol.dataplane.Sharing;
import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.security.ClusterSecret;
import io.ketju.tensor.core.TensorCore;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.actor.typed.ActorRef;

/** Between JVMs by a data plane, which it owns, through sockets or shared memory; within one by reference, unless told otherwise. */
public final class SocketTransport implements StageTransport {
    private static final ClusterSecret OF_THIS_JVM = ClusterSecret.random();

    private final DataPlane plane;
    private final LinkMode mode;
    private final List<ArrivalEdge> outputs = new ArrayList<>();
    private final PieceSender pieces = new PieceSender();
    private final List<TensorCore> attending = new CopyOnWriteArrayList<>();

    private SocketTransport(DataPlane plane, LinkMode mode) {
        this.plane = plane;
        this.mode = mode;
    }

    /**
     * Listens at any free port, for runs in one JVM: nobody outside of it knows the secret.
     *
     * @param host address that others reach this JVM at
     * @param mode how stages of this JVM reach each other
     * @return the transport, to be closed by the caller
     */
    public static SocketTransport open(String host, LinkMode mode) {
        DataPath path = mode == LinkMode.ALWAYS_SOCKETS ? DataPath.SOCKETS : DataPath.AUTO;
        return open(host, mode, path, PlaneSecurity.of(OF_THIS_JVM));
    }

    /**
     * Listens at any free port, for a member of a cluster: tensors to others take a path, those within the JVM move by reference.
     *
     * @param host address that others reach this JVM at
     * @param path what tensors may take to other JVMs
     * @param security by what the members know each other
     * @return the transport, to be closed by the caller
     */
    public static SocketTransport open(String host, DataPath path, PlaneSecurity security) {
        return open(host, LinkMode.LOCAL_WHERE_POSSIBLE, path, security);
    }

    private static SocketTransport open(String host, LinkMode mode, DataPath path, PlaneSecurity security) {
        DataPlaneOptions options = DataPlaneOptions.defaults()
                .withSecurity(security)
                .withBind(new InetSocketAddress(host, 0))
                .withSharing(path == DataPath.AUTO ? Sharing.auto() : Sharing.NONE);
        return new SocketTransport(DataPlane.open(options), mode);
    }

    @Override
    public void attendedBy(TensorCore core) {
        core.addIdlePoll(plane.idlePoll());
        attending.add(core);
    }

    @Override
    public Optional<InetSocketAddress> address() {
        return Optional.of(plane.address());
    }

    @Override
    public HostedLinks hosted(WorkerCommand.PlaceStages placement) {
        return new SocketLinks(this, placement);
    }

    @Override
    public FeederLinks feeding(PipelineSpec pipeline, RunTicket ticket) {
        EdgePlan edges = new EdgePlan(pipeline, ticket);
        return to -> feed(edges, to);
    }

    @Override
    public OutputAddress takingOutputs(PipelineSpec pipeline, RunTicket ticket, ActorRef<OutputCommand> receiver) {
        EdgePlan edges = new EdgePlan(pipeline, ticket);
        for (int stage = 0; stage < pipeline.keptStages(); stage++) {
            if (!edges.ports(stage).predicting().outputs().isEmpty()) {
                EdgeId edge = edges.id(stage, EdgeId.FEEDER, TensorKey.Kind.OUTPUT);
                ArrivalEdge arrival = ArrivalEdge.ofOutputs(edge, receiver, plane, edges.size(edge));
                synchronized (outputs) {
                    outputs.add(arrival);
                }
                plane.accept(edge, arrival);
            }
        }
        return new OutputAddress(receiver, address());
    }

    @Override
    public Optional<FolderWays> folder(PipelineSpec pipeline, RunTicket ticket) {
        EdgePlan edges = new EdgePlan(pipeline, ticket);
        return Optional.of(new SocketFolder(this, edges, pipeline.keptStages(), edges::shards, pieces));
    }

    @Override
    public Optional<FolderWays> copies(PipelineSpec pipeline, RunTicket next) {
        EdgePlan edges = new EdgePlan(pipeline, next);
        return Optional.of(
                new SocketFolder(this, edges, pipeline.keptStages(), stage -> EdgePlan.kept(next, stage), pieces));
    }

    @Override
    public CompletableFuture<PieceLink> toFolder(RunTicket next, int stage, InetSocketAddress folder) {
        return NettyPieces.open(plane, new SentEdges(), EdgePlan.kept(next, stage), Optional.of(folder));
    }

    /**
     * Takes parcels for a copy of a run's folder.
     *
     * @param way its number, which nobody else knows
     * @return what comes by it, until it is closed
     */
    public ParcelArrivals parcels(long way) {
        return new ParcelArrivals(plane, way);
    }

    /**
     * {@return the way of parcels to who keeps a copy of a run's folder, once it is open; a failure completes the future, nothing is
     * thrown}
     *
     * @param way its number, as it is known there
     * @param to where the data plane listens there
     */
    public CompletableFuture<PieceLink> toCopy(long way, InetSocketAddress to) {
        return NettyPieces.open(plane, new SentEdges(), EdgePlan.parcels(way), Optional.of(to));
    }

    @Override
    public void close() {
        attending.forEach(core -> core.removeIdlePoll(plane.idlePoll()));
        synchronized (outputs) {
            outputs.forEach(ArrivalEdge::release);
            plane.close();
            outputs.forEach(ArrivalEdge::close);
            outputs.clear();
            pieces.close();
        }
    }

    DataPlane plane() {
        return plane;
    }

    /** Whether tensors for stages of this JVM may go there by reference. */
    boolean local() {
        return mode == LinkMode.LOCAL_WHERE_POSSIBLE;
    }

    /** Whether an actor is in this JVM and tensors go there by reference. */
    boolean reachesLocally(ActorRef<?> actor) {
        return local() && actor.path().address().hasLocalScope();
    }

    private CompletableFuture<StageLink> feed(EdgePlan edges, StageAddress to) {
        if (reachesLocally(to.actor())) {
            return CompletableFuture.completedFuture(new LocalLink(to.actor(), to.stage()));
        }
        EdgeId edge = edges.id(EdgeId.FEEDER, to.stage(), TensorKey.Kind.FED);
        // A broken connection is noticed by the stage on its other end, or by that stage's neighbours if it is gone.
        return EdgeConnector.connect(plane, to.data(), edge, cause -> {}).thenApply(NettyLink::new);
    }
}
