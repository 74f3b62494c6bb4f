package io.ketju.cluster.link;

import io.ketju.actors.feed.FeedAhead;
import io.ketju.actors.message.RunTicket;
import io.ketju.actors.piece.PieceSender;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Wire;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.pipeline.stage.PackedRows;
import io.ketju.pipeline.stage.StagePlan;
import io.ketju.pipeline.stage.StagePorts;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.TensorKind;
import io.ketju.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The edges of a run and their sizes, from the plan: nothing about a buffer is decided while training. An edge holds
 * at most as many tensors as its upstream stage has micro-batches in flight.
 */
final class EdgePlan {
    /** What a stage calls a kind of tensor from the wire: {@link #kind(TensorKey.Kind)} the other way round. */
    private static final Map<TensorKind, TensorKey.Kind> RECEIVED =
            Arrays.stream(TensorKey.Kind.values()).collect(Collectors.toMap(EdgePlan::kind, Function.identity()));

    private final PipelineSpec spec;
    private final RunTicket ticket;
    private final List<StagePlan> plans;
    private final List<StagePorts> ports;
    private final Model model;
    private final Wire wire;
    private final ModelTypes largest;
    /** Types of what the batch gives. */
    private final List<TensorType> batch;

    private final int fedBuffers;

    EdgePlan(PipelineSpec spec, RunTicket ticket) {
        this.spec = spec;
        this.ticket = ticket;
        this.plans = StagePlan.all(spec);
        this.ports = StagePorts.all(spec);
        this.model = spec.model();
        this.wire = spec.wire();
        this.largest = spec.largestTypes();
        this.batch = BatchPorts.of(spec.model()).types(spec.model(), largest);
        this.fedBuffers = FeedAhead.of(spec).buffers();
    }

    /** What the wire calls a kind of tensor. */
    static TensorKind kind(TensorKey.Kind kind) {
        return switch (kind) {
            case FED -> TensorKind.FED;
            case TIED_WEIGHT -> TensorKind.TIED_WEIGHT;
            case TIED_GRADIENT -> TensorKind.TIED_GRADIENT;
            case GROUP_SUM -> TensorKind.GROUP_SUM;
            case SHARE_GRADIENT -> TensorKind.SHARE_GRADIENT;
            case REPLICA_WEIGHT -> TensorKind.REPLICA_WEIGHT;
            case ACTIVATION -> TensorKind.ACTIVATION;
            case GRADIENT -> TensorKind.GRADIENT;
            case OUTPUT -> TensorKind.OUTPUT;
        };
    }

    /** What a stage calls a kind of tensor from the wire; pieces of files are none. */
    static TensorKey.Kind kind(TensorKind kind) {
        return Objects.requireNonNull(RECEIVED.get(kind));
    }

    /** The edge between two neighbours, or from or to the feeder ({@link EdgeId#FEEDER}). */
    EdgeId id(int from, int to, TensorKey.Kind kind) {
        return edge(ticket, from, to, kind(kind));
    }

    /** The edge of a stage's shards, to the run's folder. */
    EdgeId shards(int stage) {
        return edge(ticket, stage, EdgeId.FEEDER, TensorKind.SHARD);
    }

    /** The edge of the files that a stage starts from, out of the run's folder. */
    EdgeId state(int stage) {
        return edge(ticket, EdgeId.FEEDER, stage, TensorKind.STATE);
    }

    /** The edge of a stage's copies, to the memory of another worker. */
    EdgeId copies(int stage) {
        return edge(ticket, stage, stage, TensorKind.COPY);
    }

    /** The edge of a stage's copy out of a worker's memory, to the run's folder between two starts. */
    static EdgeId kept(RunTicket next, int stage) {
        return edge(next, stage, EdgeId.FEEDER, TensorKind.COPY);
    }

    /** The edge of what goes out of a run's folder to a copy of it that somebody keeps; of no start. */
    static EdgeId parcels(long way) {
        return new EdgeId(way, 0, 0, EdgeId.FEEDER, EdgeId.FEEDER, TensorKind.STATE);
    }

    private static EdgeId edge(RunTicket ticket, int from, int to, TensorKind kind) {
        return new EdgeId(ticket.job(), ticket.configHash(), ticket.incarnation(), from, to, kind);
    }

    /** Of every edge that carries pieces of files. */
    static EdgeSize pieces() {
        return new EdgeSize(PieceSender.BYTES, PieceSender.BUFFERS);
    }

    /** Where a stage stands, and what crosses before and behind it. */
    StagePorts ports(int stage) {
        return ports.get(stage);
    }

    /**
     * Buffers and bytes of a connection: as many buffers as all tensors that it carries for the micro-batches under way,
     * each as large as the largest of them.
     */
    EdgeSize size(EdgeId edge) {
        if (edge.kind() == TensorKind.OUTPUT) {
            List<TensorType> made = ports.get(edge.fromStage()).predicting().outputs().stream()
                    .map(output -> largest.of(model.outputs().get(output)))
                    .toList();
            return size(made, StagePlan.OUTPUT_BUFFERS);
        }
        StagePorts to = ports.get(edge.toStage());
        return switch (edge.kind()) {
            case FED -> size(to.fed().stream().map(batch::get).toList(), fedBuffers);
            case ACTIVATION ->
                size(
                        to.before().edges().stream()
                                .map(crossing -> wire.type(largest.of(crossing.value())))
                                .toList(),
                        plans.get(edge.fromStage()).activationBuffers());
            case GRADIENT ->
                size(
                        to.after().gradientValues().stream()
                                .map(value -> wire.type(largest.of(value)))
                                .toList(),
                        plans.get(edge.fromStage()).gradientBuffers());
            case TIED_WEIGHT, TIED_GRADIENT -> size(tied(edge, to), 1);
            case GROUP_SUM, SHARE_GRADIENT, REPLICA_WEIGHT ->
                size(StagePlan.exchanged(spec, edge.toStage(), kind(edge.kind()), edge.fromStage()), 1);
            case OUTPUT, SHARD, STATE, COPY -> throw new IllegalStateException("no tensor for a stage: " + edge);
        };
    }

    /** Types of what two stages send each other of the parameters that they share. */
    private List<TensorType> tied(EdgeId edge, StagePorts to) {
        return to.arriving().stream()
                .filter(port -> port.kind() == kind(edge.kind())
                        && to.senders(port.kind(), port.edge()).contains(edge.fromStage()))
                .map(port -> to.ties().uses().get(port.edge()))
                .map(use -> model.nodes().get(use.node()).layer().parameters().get(use.index()))
                .map(parameter -> edge.kind() == TensorKind.TIED_GRADIENT
                        ? PackedRows.largest(parameter)
                        : TensorType.floats(parameter.shape()))
                .toList();
    }

    private static EdgeSize size(List<TensorType> types, int microbatches) {
        long bytes =
                types.stream().mapToLong(type -> type.shape().bytes()).max().orElseThrow();
        return new EdgeSize(bytes, Math.multiplyExact(types.size(), microbatches));
    }
}
