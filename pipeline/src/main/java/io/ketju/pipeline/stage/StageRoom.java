package io.ketju.pipeline.stage;

import io.ketju.layers.Parameter;
import io.ketju.layers.model.ParameterBlock;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.pipeline.schedule.EdgeBuffers;
import io.ketju.pipeline.schedule.ForwardOnly;
import io.ketju.pipeline.schedule.Overlap;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.pipeline.schedule.ScheduleSimulator;
import io.ketju.tensor.memory.TensorArena;

/**
 * How much a stage has room for at once, from its schedule.
 *
 * @param slots micro-batches whose values are held
 * @param inFlight micro-batches in flight: more where the stage runs their forwards again
 * @param windows windows of which something has run, but not the step
 * @param versions sets of weights, the live ones among them
 * @param activations bundles for the next stage
 * @param gradients bundles for the previous stage
 */
record StageRoom(int slots, int inFlight, int windows, int versions, int activations, int gradients) {
    /** For whatever any of the run's schedules holds. */
    static StageRoom of(PipelineSpec spec, int stage) {
        return spec.plansOf(stage).stream()
                .map(plan -> of(spec, plan, spec.placeInPlans(stage)))
                .reduce(StageRoom::most)
                .orElseThrow();
    }

    private StageRoom most(StageRoom other) {
        return new StageRoom(
                Math.max(slots, other.slots),
                Math.max(inFlight, other.inFlight),
                Math.max(windows, other.windows),
                Math.max(versions, other.versions),
                Math.max(activations, other.activations),
                Math.max(gradients, other.gradients));
    }

    private static StageRoom of(PipelineSpec spec, SchedulePlan plan, int stage) {
        int evaluation =
                ForwardOnly.buffers(spec.placement().ofOne(), spec.recipe().mostMicrobatches());
        boolean last = plan.placement().counts().neighbours(stage, 1).isEmpty();
        return spec.overlap()
                .map(overlap -> of(overlap, stage, plan.recomputes(stage)))
                .orElseGet(() -> new StageRoom(
                        ScheduleSimulator.peakInFlight(plan.ofStage(stage)),
                        ScheduleSimulator.peakInFlight(
                                plan.withoutRecomputation().ofStage(stage)),
                        1,
                        1,
                        last ? 0 : Math.max(EdgeBuffers.activations(plan, stage), evaluation),
                        EdgeBuffers.gradients(plan, stage)));
    }

    /**
     * An activation is out until the next stage's backward of its micro-batch, which ends before this stage's; a gradient until
     * the previous stage's backward, whose micro-batch that stage holds. Where forwards run again, right before their backwards,
     * one slot does for all.
     */
    static StageRoom of(Overlap overlap, int rank, boolean recomputes) {
        return new StageRoom(
                recomputes ? 1 : overlap.inFlight(rank),
                overlap.inFlight(rank),
                overlap.windowsInFlight(rank),
                overlap.versions(rank),
                rank == overlap.ranks() - 1 ? 0 : overlap.inFlight(rank),
                rank == 0 ? 0 : overlap.inFlight(rank - 1));
    }

    /** Bytes of one version besides the live one: of the weights that learn, and of those packed if they are. */
    static long versionBytes(PipelineSpec spec, StageProgram program, boolean packs) {
        long values = program.nodes().stream()
                .flatMap(node -> node.parameters().stream())
                .distinct()
                .filter(spec.recipe().optimizers()::learns)
                .map(spec.model()::parameter)
                .filter(Parameter::learns)
                .mapToLong(parameter -> TensorArena.bytesFor(parameter.shape()))
                .sum();
        long packed = packs
                ? program.nodes().stream()
                        .mapToLong(ParameterBlock::packedBytes)
                        .sum()
                : 0;
        return Math.addExact(values, packed);
    }
}
