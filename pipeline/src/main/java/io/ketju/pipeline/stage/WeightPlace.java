package io.ketju.pipeline.stage;

import io.ketju.layers.PassBinding;
import io.ketju.layers.model.Node;
import java.util.function.Function;

/**
 * Where a version of a stage's weights lies.
 *
 * @param index tells the places of a stage from each other; 0: the live weights, which the optimizer updates
 * @param weights a node's parameters there; never asked of the live ones by a program that has always run on them
 */
record WeightPlace(int index, Function<Node, PassBinding.Weights> weights) {
    /** Where every program begins. */
    static final WeightPlace LIVE = new WeightPlace(0, node -> {
        throw new IllegalStateException("programs that run on other weights are told where the live ones are");
    });

    /** The live weights of a stage. */
    static WeightPlace live(Function<Node, PassBinding.Weights> weights) {
        return new WeightPlace(0, weights);
    }
}
