package io.ketju.layers.model;

import io.ketju.layers.Parameter;
import io.ketju.layers.PassBinding;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Places where some micro-batches add up the gradients of a {@link ParameterBlock} by themselves, before they are added to the
 * block's own: each has a tensor for every use of a parameter that learns, of its shape, and of a sparse table the rows that
 * were touched. Place 0 is the block's own gradients; memory is taken for the others, {@link ParameterSizes#gradientBytes}
 * each, and {@link #close} frees it. All zero where nothing was added since the last {@link #addToSum}. Not thread-safe.
 */
public final class GroupGradients implements AutoCloseable {
    private final List<Node> nodes;
    private final ParameterBlock parameters;
    /** From place 1 on, the gradients of every node, null where there is none. */
    private final List<Map<String, List<@Nullable TableRows>>> places = new ArrayList<>();

    private final List<TensorArena> arenas = new ArrayList<>();

    /**
     * Takes memory for the places from 1 on, all zero.
     *
     * @param nodes those of the block
     * @param parameters a block for training, which has to live as long as this
     * @param count of places, the block's own gradients among them: at least 1
     */
    public GroupGradients(List<Node> nodes, ParameterBlock parameters, int count) {
        this.nodes = List.copyOf(nodes);
        this.parameters = parameters;
        long bytes = nodes.stream()
                .flatMap(node -> parameters.gradients(node).stream())
                .filter(Objects::nonNull)
                .mapToLong(gradient -> TensorArena.bytesFor(gradient.tensor().shape()))
                .sum();
        for (int place = 1; place < count; place++) {
            TensorArena arena = new TensorArena(bytes);
            arenas.add(arena);
            Map<String, List<@Nullable TableRows>> gradients = new LinkedHashMap<>();
            nodes.forEach(node -> gradients.put(node.name(), allocate(node, arena)));
            places.add(gradients);
        }
    }

    private List<@Nullable TableRows> allocate(Node node, TensorArena arena) {
        List<@Nullable TableRows> gradients = new ArrayList<>();
        List<Parameter> declared = node.layer().parameters();
        for (TableRows own : parameters.gradients(node)) {
            gradients.add(own == null ? null : TableRows.gradient(arena, declared.get(gradients.size())));
        }
        return gradients;
    }

    /**
     * {@return a node's parameters as its layer gets them, with gradients that are added to those of a place}
     *
     * @param node of the block
     * @param place from 0, which is the block's own
     */
    public PassBinding.Weights weights(Node node, int place) {
        return place == 0 ? parameters.weights(node) : parameters.weights(node, gradients(node, place));
    }

    private List<@Nullable TableRows> gradients(Node node, int place) {
        return Objects.requireNonNull(places.get(place - 1).get(node.name()));
    }

    /**
     * Adds the gradients of a place to the block's own, use by use, one addition for each element; then clears the place.
     *
     * @param kernels what computes
     * @param place from 1
     */
    public void addToSum(Kernels kernels, int place) {
        for (Node node : nodes) {
            List<@Nullable TableRows> sums = parameters.gradients(node);
            List<@Nullable TableRows> added = gradients(node, place);
            for (int i = 0; i < added.size(); i++) {
                TableRows sum = sums.get(i);
                TableRows gradient = added.get(i);
                if (sum != null && gradient != null) {
                    parameters.rows().add(kernels, gradient, sum);
                    gradient.clear();
                }
            }
        }
    }

    /** {@return the bytes of all places from 1 on} */
    public long heldBytes() {
        return arenas.stream().mapToLong(TensorArena::capacityBytes).sum();
    }

    @Override
    public void close() {
        arenas.forEach(TensorArena::close);
    }
}
