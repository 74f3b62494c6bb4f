package io.ketju.layers.model;

import io.ketju.layers.PackedWeight;
import io.ketju.layers.Parameter;
import io.ketju.layers.model.Model.Node;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.random.CounterRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All weights of some layers: one allocation for the values, one for the gradients, one for each kind of optimizer
 * state, every parameter aligned to 64 bytes. Owns them; {@link #close} frees them. Not thread-safe: one stage owns
 * it. "Parameter order" is the order of the nodes, and within a node that of its layer.
 */
public final class ParameterBlock implements AutoCloseable {
    /** A tensor and its global name: {@code 0.weight}, or {@code 0.weight.exp_avg} for optimizer state. */
    public record NamedTensor(String name, Tensor tensor) {}

    /** One parameter with everything that belongs to it. */
    private record Entry(
            String name,
            Parameter parameter,
            Tensor value,
            List<Tensor> gradient,
            List<NamedTensor> states,
            List<Tensor> stateTensors) {
        Entry(String name, Parameter parameter, Tensor value, List<Tensor> gradient, List<NamedTensor> states) {
            this(
                    name,
                    parameter,
                    value,
                    gradient,
                    states,
                    states.stream().map(NamedTensor::tensor).toList());
        }
    }

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, List<Entry>> entriesByNode = new LinkedHashMap<>();
    private final Map<String, Map<Integer, PackedWeight>> packedByNode = new LinkedHashMap<>();
    private final List<TensorArena> arenas = new ArrayList<>();

    private ParameterBlock(List<Node> nodes, boolean gradients, List<String> stateNames) {
        long bytes = nodes.stream()
                .flatMap(node -> node.layer().parameters().stream())
                .mapToLong(parameter -> TensorArena.bytesFor(parameter.shape()))
                .sum();
        TensorArena values = open(bytes);
        List<TensorArena> gradientArenas = gradients ? List.of(open(bytes)) : List.of();
        List<TensorArena> stateArenas =
                stateNames.stream().map(name -> open(bytes)).toList();
        for (Node node : nodes) {
            List<Entry> ofNode = new ArrayList<>();
            for (Parameter parameter : node.layer().parameters()) {
                String name = node.parameterName(parameter);
                Shape shape = parameter.shape();
                List<NamedTensor> states = new ArrayList<>();
                for (int i = 0; i < stateNames.size(); i++) {
                    Tensor state = stateArenas.get(i).allocate(shape);
                    states.add(new NamedTensor(name + "." + stateNames.get(i), state));
                }
                List<Tensor> gradient = gradientArenas.stream()
                        .map(arena -> arena.allocate(shape))
                        .toList();
                ofNode.add(new Entry(name, parameter, values.allocate(shape), gradient, List.copyOf(states)));
            }
            ofNode.forEach(entry -> entries.put(entry.name(), entry));
            if (entriesByNode.put(node.name(), List.copyOf(ofNode)) != null) {
                close();
                throw new IllegalArgumentException("two layers are named '" + node.name() + "'");
            }
        }
    }

    /** Values, gradients and the optimizer's state, all zero. */
    public static ParameterBlock forTraining(List<Node> nodes, Optimizer optimizer) {
        return new ParameterBlock(nodes, true, optimizer.stateNames());
    }

    /** Values only, all zero. */
    public static ParameterBlock forInference(List<Node> nodes) {
        return new ParameterBlock(nodes, false, List.of());
    }

    /**
     * Bytes that the packed weights of a node take: those that its layer names as
     * {@link io.ketju.layers.Layer#transposedParameters}.
     */
    public static long packedBytes(Node node) {
        List<Parameter> parameters = node.layer().parameters();
        return node.layer().transposedParameters().stream()
                .mapToLong(index -> TensorArena.bytesFor(
                        PackedWeight.shape(parameters.get(index).shape())))
                .sum();
    }

    /** Makes room for packed weights, for steps of many micro-batches. Call it once. */
    public void allocatePacked(List<Node> nodes) {
        TensorArena arena =
                open(nodes.stream().mapToLong(ParameterBlock::packedBytes).sum());
        for (Node node : nodes) {
            List<Tensor> values = values(node);
            Map<Integer, PackedWeight> packed = new LinkedHashMap<>();
            for (int index : node.layer().transposedParameters()) {
                Tensor value = values.get(index);
                packed.put(index, new PackedWeight(value, arena.allocate(PackedWeight.shape(value.shape()))));
            }
            packedByNode.put(node.name(), packed);
        }
    }

    /** Packed weights of a node by the position of the parameter: what a {@link io.ketju.layers.Saved} takes. */
    public Map<Integer, PackedWeight> packed(Node node) {
        return packedByNode.getOrDefault(node.name(), Map.of());
    }

    /** To be called when values were changed by others than this: packed weights are packed again before their next use. */
    public void valuesChanged() {
        packedByNode.values().forEach(packed -> packed.values().forEach(PackedWeight::weightChanged));
    }

    /** Values of all parameters, in parameter order. */
    public List<NamedTensor> values() {
        return entries.values().stream()
                .map(entry -> new NamedTensor(entry.name(), entry.value()))
                .toList();
    }

    /** Gradients of all parameters under the parameters' names, in parameter order; empty for inference. */
    public List<NamedTensor> gradients() {
        return entries.values().stream()
                .flatMap(entry -> entry.gradient().stream().map(tensor -> new NamedTensor(entry.name(), tensor)))
                .toList();
    }

    /** Optimizer state of all parameters, in parameter order, then in the order of the optimizer's state names. */
    public List<NamedTensor> states() {
        return entries.values().stream()
                .flatMap(entry -> entry.states().stream())
                .toList();
    }

    /** Value of a parameter by its global name; throws {@link IllegalArgumentException} listing the names there are. */
    public Tensor value(String name) {
        return entry(name).value();
    }

    /** Gradient of a parameter by its global name; throws {@link IllegalStateException} in a block for inference. */
    public Tensor gradient(String name) {
        Entry entry = entry(name);
        if (entry.gradient().isEmpty()) {
            throw new IllegalStateException("no gradient of '" + name + "': the block is for inference only");
        }
        return entry.gradient().getFirst();
    }

    /** Values of a node's parameters in the order of its layer: what a {@link io.ketju.layers.Saved} takes. */
    public List<Tensor> values(Node node) {
        return ofNode(node).stream().map(Entry::value).toList();
    }

    /** Gradients of a node's parameters in the order of its layer; empty for inference. */
    public List<Tensor> gradients(Node node) {
        return ofNode(node).stream().flatMap(entry -> entry.gradient().stream()).toList();
    }

    /** Gives every parameter its initial values, a function of the seed and its global name; clears all else. */
    public void initialize(long seed) {
        for (Entry entry : entries.values()) {
            CounterRandom random = CounterRandom.of(seed, "init/" + entry.name());
            entry.parameter().initializer().fill(entry.value(), random);
        }
        valuesChanged();
        clearGradients();
        states().forEach(state -> state.tensor().clear());
    }

    /** Sets all gradients to zero. */
    public void clearGradients() {
        entries.values().forEach(entry -> entry.gradient().forEach(Tensor::clear));
    }

    /**
     * One optimizer step of every parameter, in parameter order. Leaves the gradients as they are.
     *
     * @param optimizer the one that the block was made for
     * @param learningRate of this step, from the schedule
     * @param step counts from 1
     */
    public void update(Kernels kernels, Optimizer optimizer, double learningRate, long step) {
        for (Entry entry : entries.values()) {
            optimizer.update(kernels, learningRate, step, entry.value(), gradient(entry.name()), entry.stateTensors());
        }
        valuesChanged();
    }

    /** Bytes allocated in all: values, gradients, optimizer state and packed weights, with alignment. */
    public long bytes() {
        return arenas.stream().mapToLong(TensorArena::usedBytes).sum();
    }

    /** Frees everything; every tensor of the block throws from now on. */
    @Override
    public void close() {
        arenas.forEach(TensorArena::close);
        arenas.clear();
    }

    private TensorArena open(long bytes) {
        TensorArena arena = new TensorArena(bytes);
        arenas.add(arena);
        return arena;
    }

    private Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("no parameter '" + name + "'; there are " + entries.keySet());
        }
        return entry;
    }

    private List<Entry> ofNode(Node node) {
        List<Entry> found = entriesByNode.get(node.name());
        if (found == null) {
            throw new IllegalArgumentException("no layer '" + node.name() + "'; there are " + entriesByNode.keySet());
        }
        return found;
    }
}
