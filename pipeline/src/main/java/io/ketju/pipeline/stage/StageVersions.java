package io.ketju.pipeline.stage;

import io.ketju.layers.model.Node;
import io.ketju.layers.model.ParameterBlock;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.schedule.Overlap;
import io.ketju.pipeline.schedule.Overlap.Weights;
import io.ketju.tensor.kernel.Kernels;
import java.util.List;
import java.util.Optional;

/** Which version of its weights a stage runs on. Where windows do not overlap there is one, and nothing to do. */
interface StageVersions extends StageHoldings.Owner {
    /** The live weights, always. */
    StageVersions ONE = new StageVersions() {};

    /** Those of a stage, by its schedule. */
    static StageVersions of(
            PipelineSpec spec, StagePlan plan, List<Node> nodes, ParameterBlock parameters, Kernels kernels) {
        Optional<Overlap> overlaps = spec.overlap();
        if (overlaps.isEmpty()) {
            return ONE;
        }
        Overlap overlap = overlaps.get();
        int rank = plan.stage();
        Weights weights = overlap.versions(rank) == 1 ? Weights.NEWEST : overlap.weights();
        return switch (weights) {
            case STASHED, NEWEST -> new WeightVersions(overlap, rank, nodes, parameters, plan.packedBytes() > 0);
            case PREDICTED -> new PredictedVersions(overlap, spec.recipe(), rank, nodes, parameters, kernels);
            case CORRECTED -> new CorrectedVersions(overlap, rank, nodes, parameters, kernels);
        };
    }

    /**
     * The forward of a micro-batch begins.
     *
     * @param updates that optimizer state will have been through when the window's own turn comes, where they are not counted
     *     for each parameter
     */
    default void forward(Window window, BoundProgram program, long updates) {}

    /** The forward of a micro-batch runs again, on what it ran on before; only where that is kept. */
    default void recompute(Window window, BoundProgram program) {}

    /** The backward of a micro-batch begins. */
    default void backward(Window window, BoundProgram program) {}

    /** The live weights are about to be updated by a window. */
    default void beforeUpdate(Window window) {}

    /** The live weights were updated. */
    default void afterUpdate(Window window) {}

    /** What learning rates are multiplied by in a window's update. */
    default double rateFactor(Window window) {
        return 1;
    }

    /** By how many updates forwards were behind the weights that their update changed: from 0, how often; none where all is one. */
    default List<Long> staleness() {
        return List.of();
    }

    @Override
    default long heldBytes() {
        return 0;
    }

    @Override
    default void close() {}
}
