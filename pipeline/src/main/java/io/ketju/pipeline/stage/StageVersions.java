package io.ketju.pipeline.stage;

import io.ketju.layers.model.Node;
import io.ketju.layers.model.ParameterBlock;
import io.ketju.pipeline.PipelineSpec;
import java.util.List;

/** Which version of its weights a stage runs on. Where windows do not overlap there is one, and nothing to do. */
interface StageVersions extends AutoCloseable {
    /** The live weights, always. */
    StageVersions ONE = new StageVersions() {};

    /** Those of a stage, by its schedule. */
    static StageVersions of(PipelineSpec spec, StagePlan plan, List<Node> nodes, ParameterBlock parameters) {
        boolean packs = plan.packedBytes() > 0;
        return spec.overlap()
                .<StageVersions>map(overlap -> new WeightVersions(overlap, plan.stage(), nodes, parameters, packs))
                .orElse(ONE);
    }

    /** The forward of a micro-batch begins. */
    default void forward(Window window, BoundProgram program) {}

    /** The backward of a micro-batch begins. */
    default void backward(Window window, BoundProgram program) {}

    /** The live weights are about to be updated by a window. */
    default void beforeUpdate(Window window) {}

    /** The live weights were updated. */
    default void afterUpdate(Window window) {}

    /** By how many updates forwards were behind the weights that their update changed: from 0, how often; none where all is one. */
    default List<Long> staleness() {
        return List.of();
    }

    @Override
    default void close() {}
}
