package io.ketju.actors.worker;

import io.ketju.actors.message.RunTicket;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.pipeline.stage.StagePlan;
import io.ketju.pipeline.stage.StagePorts;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.TensorKind;
import io.ketju.tensor.TensorType;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The edges of a run and their sizes, from the plan: nothing about a buffer is decided while training. An edge holds
 * at most as many tensors as its upstream stage has micro-batches in flight.
 */
public final class EdgePlan {
    private final RunTicket ticket;
    private final List<StagePlan> plans;
    private final List<StagePorts> ports;
    private final Model model;
    private final ModelTypes largest;
    /** Types of what the batch gives. */
    private final List<TensorType> batch;

    public EdgePlan(PipelineSpec spec, RunTicket ticket) {
        this.ticket = ticket;
        this.plans = StagePlan.all(spec);
        this.ports = IntStream.range(0, spec.stages())
                .mapToObj(stage -> StagePorts.of(spec.program(stage), spec.stages()))
                .toList();
        this.model = spec.model();
        this.largest = spec.largestTypes();
        this.batch = BatchPorts.of(spec.model()).types(spec.model(), largest);
    }

    /** What the wire calls a kind of tensor. */
    public static TensorKind kind(TensorKey.Kind kind) {
        return switch (kind) {
            case FED -> TensorKind.FED;
            case TIED_WEIGHT -> TensorKind.TIED_WEIGHT;
            case TIED_GRADIENT -> TensorKind.TIED_GRADIENT;
            case ACTIVATION -> TensorKind.ACTIVATION;
            case GRADIENT -> TensorKind.GRADIENT;
            case OUTPUT -> TensorKind.OUTPUT;
        };
    }

    /** What a stage calls a kind of tensor from the wire. */
    public static TensorKey.Kind kind(TensorKind kind) {
        return switch (kind) {
            case FED -> TensorKey.Kind.FED;
            case TIED_WEIGHT -> TensorKey.Kind.TIED_WEIGHT;
            case TIED_GRADIENT -> TensorKey.Kind.TIED_GRADIENT;
            case ACTIVATION -> TensorKey.Kind.ACTIVATION;
            case GRADIENT -> TensorKey.Kind.GRADIENT;
            case OUTPUT -> TensorKey.Kind.OUTPUT;
        };
    }

    /** The edge between two neighbours, or from or to the feeder ({@link EdgeId#FEEDER}). */
    public EdgeId id(int from, int to, TensorKey.Kind kind) {
        return new EdgeId(ticket.job(), ticket.configHash(), ticket.incarnation(), from, to, kind(kind));
    }

    /** Where a stage stands, and what crosses before and behind it. */
    public StagePorts ports(int stage) {
        return ports.get(stage);
    }

    /**
     * Buffers and bytes of a connection: as many buffers as all tensors that it carries for the micro-batches under way,
     * each as large as the largest of them.
     */
    public EdgeSize size(EdgeId edge) {
        if (edge.kind() == TensorKind.OUTPUT) {
            List<TensorType> made = ports.get(edge.fromStage()).outputs().stream()
                    .map(output -> largest.of(model.outputs().get(output)))
                    .toList();
            return size(made, StagePlan.OUTPUT_BUFFERS);
        }
        StagePorts to = ports.get(edge.toStage());
        return switch (edge.kind()) {
            case FED -> size(to.fed().stream().map(batch::get).toList(), feederBuffers());
            case ACTIVATION ->
                size(
                        to.before().edges().stream()
                                .map(crossing -> largest.of(crossing.value()))
                                .toList(),
                        plans.get(edge.fromStage()).activationBuffers());
            case GRADIENT ->
                size(
                        to.after().gradientValues().stream().map(largest::of).toList(),
                        plans.get(edge.fromStage()).gradientBuffers());
            case TIED_WEIGHT, TIED_GRADIENT -> size(tied(edge, to), 1);
            case OUTPUT -> throw new IllegalStateException("no stage takes outputs");
        };
    }

    /** Types of the parameters that two stages share. */
    private List<TensorType> tied(EdgeId edge, StagePorts to) {
        return to.arriving().stream()
                .filter(port ->
                        port.kind() == kind(edge.kind()) && to.sender(port.kind(), port.edge()) == edge.fromStage())
                .map(port -> to.ties().uses().get(port.edge()))
                .map(use -> model.nodes().get(use.node()).layer().parameters().get(use.index()))
                .map(parameter -> TensorType.floats(parameter.shape()))
                .toList();
    }

    private static EdgeSize size(List<TensorType> types, int microbatches) {
        long bytes =
                types.stream().mapToLong(type -> type.shape().bytes()).max().orElseThrow();
        return new EdgeSize(bytes, Math.multiplyExact(types.size(), microbatches));
    }

    /** Micro-batches that the feeder may have under way: the most that any stage has in flight, and two on their way. */
    public int feederBuffers() {
        return plans.stream().mapToInt(StagePlan::slots).max().orElseThrow() + 2;
    }
}
