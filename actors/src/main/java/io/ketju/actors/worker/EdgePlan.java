package io.ketju.actors.worker;

import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.stage.StagePlan;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.TensorKind;
import io.ketju.tensor.Shape;
import java.util.List;

/**
 * The edges of a run and their sizes, from the plan: nothing about a buffer is decided while training. An edge holds
 * at most as many tensors as its upstream stage has micro-batches in flight.
 */
public final class EdgePlan {
    private final PipelineSpec spec;
    private final RunTicket ticket;
    private final List<StagePlan> plans;

    public EdgePlan(PipelineSpec spec, RunTicket ticket) {
        this.spec = spec;
        this.ticket = ticket;
        this.plans = StagePlan.all(spec);
    }

    /** What the wire calls a kind of tensor. */
    public static TensorKind kind(TensorKey.Kind kind) {
        return switch (kind) {
            case INPUT -> TensorKind.INPUT;
            case TARGET -> TensorKind.TARGET;
            case ACTIVATION -> TensorKind.ACTIVATION;
            case GRADIENT -> TensorKind.GRADIENT;
        };
    }

    /** What a stage calls a kind of tensor from the wire. */
    public static TensorKey.Kind kind(TensorKind kind) {
        return switch (kind) {
            case INPUT -> TensorKey.Kind.INPUT;
            case TARGET -> TensorKey.Kind.TARGET;
            case ACTIVATION -> TensorKey.Kind.ACTIVATION;
            case GRADIENT -> TensorKey.Kind.GRADIENT;
        };
    }

    /** The edge between two neighbours, or from the feeder ({@link EdgeId#FEEDER}). */
    public EdgeId id(int from, int to, TensorKey.Kind kind) {
        return new EdgeId(ticket.job(), ticket.configHash(), ticket.incarnation(), from, to, kind(kind));
    }

    /** Buffers and bytes of an edge. */
    public EdgeSize size(EdgeId edge) {
        StagePlan sender = plans.get(Math.max(edge.fromStage(), 0));
        return switch (edge.kind()) {
            case ACTIVATION -> new EdgeSize(sender.activationBufferBytes(), sender.activationBuffers());
            case GRADIENT -> new EdgeSize(sender.gradientBufferBytes(), sender.gradientBuffers());
            case INPUT -> new EdgeSize(bytes(spec.model().inputShape()), feederBuffers());
            case TARGET ->
                new EdgeSize(bytes(spec.loss().targetShape(spec.model().outputShape())), feederBuffers());
        };
    }

    /** Micro-batches that the feeder may have under way: those in flight in the first stage, and two on their way. */
    public int feederBuffers() {
        return plans.getFirst().slots() + 2;
    }

    private long bytes(Shape sample) {
        return sample.batched(StagePlan.largestMicrobatch(spec)).bytes();
    }
}
