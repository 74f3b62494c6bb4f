package io.ketju.pipeline.partition;

import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Modelled cost of training one sample, in floating-point operations. A layer's forward counts three times: forward,
 * gradient of the input and gradient of the weights each do about the same work; layers before the first with
 * parameters have no input gradient to make, nor has that one. Moving memory is not free either: every pass reads one
 * side and writes the other, and a byte is taken to cost as much as {@value #FLOPS_PER_BYTE} operations. That ratio is
 * the one of a core with vector units (tens of GFLOP/s) and its share of memory (some GB/s); it keeps layers like ReLU
 * and Flatten from looking free. Only ratios between layers matter.
 */
public final class LayerCost {
    /** Operations that take as long as moving one byte. */
    public static final long FLOPS_PER_BYTE = 8;

    private LayerCost() {}

    /**
     * {@return the cost of every node of a model, in order; at least 1 each}
     *
     * @param model with its heads
     */
    public static List<Long> ofNodes(Model model) {
        List<Long> costs = new ArrayList<>();
        GradientFlow flow = GradientFlow.of(model);
        ModelTypes types = model.types(1);
        for (int i = 0; i < model.nodes().size(); i++) {
            Node node = model.nodes().get(i);
            int passes = 1 + (node.inputs().stream().anyMatch(flow::learns) ? 1 : 0) + (flow.hasWeights(i) ? 1 : 0);
            costs.add(Math.max(1, Math.multiplyExact(passes, once(node, types, i))));
        }
        return List.copyOf(costs);
    }

    /**
     * {@return the cost of one pass over a node: forward, or one of the two halves of backward}
     *
     * @param node of the model
     * @param types of one sample
     * @param index of the node
     */
    public static long once(Node node, ModelTypes types, int index) {
        long bytes = Stream.concat(types.inputs(node).stream(), types.outputs().get(index).stream())
                .mapToLong(type -> type.shape().bytes())
                .sum();
        return node.layer().forwardFlops(types.inputs(node)) + FLOPS_PER_BYTE * bytes;
    }
}
