package io.ketju.pipeline.stage;

import io.ketju.layers.PackedWeight;
import io.ketju.layers.PassBinding;
import io.ketju.layers.model.Node;
import io.ketju.layers.model.ParameterBlock;
import io.ketju.layers.model.ParameterBlock.NamedTensor;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Room for one more version of a stage's weights: of those that learn. What does not learn is that of the live weights, and
 * gradients go where theirs go.
 */
final class VersionSlot implements StageHoldings.Owner {
    private final ParameterBlock parameters;
    private final Map<String, Tensor> values = new LinkedHashMap<>();
    private final Map<String, Map<Integer, PackedWeight>> packedByNode = new LinkedHashMap<>();
    private final TensorArena arena;
    private final WeightPlace place;

    /**
     * @param index of its {@link WeightPlace}
     * @param packs whether weights are packed for many micro-batches
     */
    VersionSlot(int index, List<Node> nodes, ParameterBlock parameters, boolean packs) {
        this.parameters = parameters;
        arena = new TensorArena(bytes(parameters, nodes, packs));
        for (NamedTensor gradient : parameters.gradients()) {
            values.put(gradient.name(), arena.allocate(TensorType.of(gradient.tensor())));
        }
        for (Node node : packs ? nodes : List.<Node>of()) {
            Map<Integer, PackedWeight> packed = new LinkedHashMap<>();
            for (int index1 : node.layer().transposedParameters()) {
                Tensor copy = values.get(node.parameters().get(index1));
                if (copy != null) {
                    packed.put(index1, new PackedWeight(copy, arena.allocate(PackedWeight.shape(copy.shape()))));
                }
            }
            packedByNode.put(node.name(), packed);
        }
        place = new WeightPlace(index, this::weights);
    }

    private static long bytes(ParameterBlock parameters, List<Node> nodes, boolean packs) {
        long values = parameters.gradients().stream()
                .mapToLong(gradient -> TensorArena.bytesFor(gradient.tensor().shape()))
                .sum();
        return values
                + (packs ? nodes.stream().mapToLong(ParameterBlock::packedBytes).sum() : 0);
    }

    private PassBinding.Weights weights(Node node) {
        List<Tensor> ofNode = new ArrayList<>();
        for (String name : node.parameters()) {
            Tensor copy = values.get(name);
            ofNode.add(copy == null ? parameters.value(name) : copy);
        }
        PassBinding.Weights live = parameters.weights(node);
        return new PassBinding.Weights(
                ofNode, live.gradients(), live.rows(), packedByNode.getOrDefault(node.name(), Map.of()));
    }

    WeightPlace place() {
        return place;
    }

    /** The copy of every weight that learns, by its global name. Whoever changes one says so: {@link #changed}. */
    Map<String, Tensor> values() {
        return values;
    }

    /** Takes a copy of the live weights. */
    void copyLive() {
        values.forEach((name, copy) -> copy.copyFrom(parameters.value(name)));
        changed();
    }

    /** Packed weights are packed again before their next use. */
    void changed() {
        packedByNode.values().forEach(packed -> packed.values().forEach(PackedWeight::weightChanged));
    }

    @Override
    public long heldBytes() {
        return arena.capacityBytes();
    }

    @Override
    public void close() {
        arena.close();
    }
}
