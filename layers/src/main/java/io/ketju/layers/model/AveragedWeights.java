package io.ketju.layers.model;

import io.ketju.layers.Parameter;
import io.ketju.layers.PassBinding;
import io.ketju.layers.model.ParameterBlock.NamedTensor;
import io.ketju.layers.optimizer.WeightAverage;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Averages of some nodes' weights, beside the {@link ParameterBlock} that has the weights: one of each parameter that learns,
 * with buffers one of those too. What is frozen has none, as its average would be itself. Copies of what others own are averaged
 * here as they are there. Owns the averages; {@link #close} frees them. Not thread-safe.
 */
public final class AveragedWeights implements AutoCloseable {
    private final ParameterBlock parameters;
    private final TensorArena arena;
    /** By the parameters' names, in parameter order. */
    private final Map<String, Tensor> averages = new LinkedHashMap<>();

    /**
     * Takes memory for the averages, which are zero until {@link #restart}.
     *
     * @param parameters of the nodes; whoever fills them calls {@link #restart}
     * @param nodes whose parameters are averaged, all of that block
     * @param rule whether buffers are averaged too
     * @param learns whether a parameter of this global name does, if its layer lets it
     */
    public AveragedWeights(ParameterBlock parameters, List<Node> nodes, WeightAverage rule, Predicate<String> learns) {
        this.parameters = parameters;
        arena = new TensorArena(bytes(nodes, rule, learns));
        averaged(nodes, rule, learns)
                .forEach((name, parameter) -> averages.put(name, arena.allocate(parameter.shape())));
    }

    /**
     * {@return bytes that the averages take, with alignment}
     *
     * @param nodes whose parameters are averaged
     * @param rule whether buffers are averaged too
     * @param learns whether a parameter of this global name does, if its layer lets it
     */
    public static long bytes(List<Node> nodes, WeightAverage rule, Predicate<String> learns) {
        return averaged(nodes, rule, learns).values().stream()
                .mapToLong(parameter -> TensorArena.bytesFor(parameter.shape()))
                .sum();
    }

    private static Map<String, Parameter> averaged(List<Node> nodes, WeightAverage rule, Predicate<String> learns) {
        Map<String, Parameter> averaged = new LinkedHashMap<>();
        for (Node node : nodes) {
            List<Parameter> parameters = node.layer().parameters();
            for (int i = 0; i < parameters.size(); i++) {
                Parameter parameter = parameters.get(i);
                String name = node.parameters().get(i);
                if (parameter.learns() ? learns.test(name) : rule.useBuffers()) {
                    averaged.putIfAbsent(name, parameter);
                }
            }
        }
        return averaged;
    }

    /** Begins anew with the weights as they are. */
    public void restart() {
        averages.forEach((name, average) -> average.copyFrom(parameters.value(name)));
    }

    /**
     * Moves all averages towards the weights.
     *
     * @param kernels what computes
     * @param share of {@link WeightAverage#share}: at 1 the averages become the weights, at 0 nothing happens
     */
    public void update(Kernels kernels, double share) {
        if (share == 1) {
            restart();
        } else if (share > 0) {
            averages.forEach((name, average) -> kernels.update().average(share, parameters.value(name), average));
        }
    }

    /**
     * {@return averages of these parameters where there are any, under their names, in their order; they stay this object's}
     *
     * @param weights parameters, of which the names count
     */
    public List<NamedTensor> of(List<NamedTensor> weights) {
        return weights.stream()
                .filter(weight -> averages.containsKey(weight.name()))
                .map(weight -> new NamedTensor(weight.name(), Objects.requireNonNull(averages.get(weight.name()))))
                .toList();
    }

    /**
     * {@return a node's parameters as its layer gets them for forward passes: averages where there are any}
     *
     * @param node of the block
     */
    public PassBinding.Weights weights(Node node) {
        List<Tensor> values = node.parameters().stream()
                .map(name -> averages.getOrDefault(name, parameters.value(name)))
                .toList();
        return new PassBinding.Weights(values, List.of(), Map.of());
    }

    /** {@return the bytes of all averages} */
    public long heldBytes() {
        return arena.capacityBytes();
    }

    /** Frees everything; the weights stay. */
    @Override
    public void close() {
        arena.close();
    }
}
