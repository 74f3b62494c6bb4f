package io.ketju.layers.model;

import io.ketju.layers.Layer;
import io.ketju.layers.Parameter;
import io.ketju.layers.loss.Loss;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a graph, layer by layer, in execution order. Types are checked as it grows. Not thread-safe; one builder makes
 * one model.
 */
public final class ModelBuilder {
    private final Graph graph;
    private final String prefix;

    /** What all builders of one model share. */
    private static final class Graph {
        final List<Input> inputs = new ArrayList<>();
        final List<Node> nodes = new ArrayList<>();
        final List<Head> heads = new ArrayList<>();
        final List<Value> outputs = new ArrayList<>();
        final List<List<TensorType>> types = new ArrayList<>();
        final Map<String, String> ties = new LinkedHashMap<>();
    }

    /** With an empty graph. */
    public ModelBuilder() {
        this(new Graph(), "");
    }

    private ModelBuilder(Graph graph, String prefix) {
        this.graph = graph;
        this.prefix = prefix;
    }

    /**
     * Adds an input of the model.
     *
     * @param input used or not
     * @return what layers read it by
     */
    public Value input(Input input) {
        graph.inputs.add(input);
        return Value.ofInput(graph.inputs.size() - 1);
    }

    /**
     * Adds a layer with one output. The graph is as it was where this throws.
     *
     * @param name relative to the block that is being written; "" for the block's own name, so that the layer's parameters are called as if
     *     they were the block's
     * @param layer what is computed
     * @param inputs what it reads, in its order
     * @return its output
     * @throws IllegalArgumentException naming the layer, if its inputs do not fit or it has more outputs
     */
    public Value add(String name, Layer layer, Value... inputs) {
        Fitted fitted = fitted(name, layer, List.of(inputs));
        if (fitted.outputs().size() != 1) {
            throw new IllegalArgumentException(
                    Node.called(global(name)) + " has " + fitted.outputs().size() + " outputs: name them with addAll");
        }
        return append(fitted).getFirst();
    }

    /**
     * Adds a layer with any number of outputs. The graph is as it was where this throws.
     *
     * @param name as that of {@link #add(String, Layer, Value...)}
     * @param layer what is computed
     * @param inputs what it reads, in its order
     * @return its outputs, in its order
     * @throws IllegalArgumentException naming the layer, if its inputs do not fit
     */
    public List<Value> addAll(String name, Layer layer, Value... inputs) {
        return append(fitted(name, layer, List.of(inputs)));
    }

    /** A node with the types of its outputs, before it is part of the graph. */
    private record Fitted(Node node, List<TensorType> outputs) {}

    private Fitted fitted(String name, Layer layer, List<Value> inputs) {
        String global = global(name);
        try {
            // Parameters are made for their shapes, which may have too many elements.
            Node node = new Node(global, layer, inputs, parameters(global, layer));
            return new Fitted(
                    node, layer.outputs(inputs.stream().map(this::type).toList()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    Node.called(global) + " " + Excerpt.of(layer.spec()) + ": " + e.getMessage(), e);
        }
    }

    private List<Value> append(Fitted fitted) {
        int index = graph.nodes.size();
        graph.nodes.add(fitted.node());
        graph.types.add(List.copyOf(fitted.outputs()));
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < fitted.outputs().size(); i++) {
            values.add(new Value(index, i));
        }
        return values;
    }

    /**
     * Adds a block under a name.
     *
     * @param name relative to the block that is being written; the block's layers are called {@code name.…}
     * @param block writes the layers
     * @param input what it reads
     * @return its output
     */
    public Value add(String name, Block block, Value input) {
        return block.in(inside(name), input);
    }

    /**
     * Adds a block whose layers have names of this level.
     *
     * @param block writes the layers
     * @param input what it reads
     * @return its output
     */
    public Value add(Block block, Value input) {
        return block.in(this, input);
    }

    /**
     * {@return a builder that writes into the same graph under one more name}
     *
     * @param name put in front of its names, with a dot
     */
    public ModelBuilder inside(String name) {
        return new ModelBuilder(graph, prefix + name + ".");
    }

    /**
     * Makes a parameter of a layer that comes later the same tensor as one of a layer that is there: {@code tie("lm_head.weight",
     * "transformer.wte.weight")}.
     *
     * @param parameter global name of the later layer's, whatever block is being written
     * @param owner global name of the one that is there
     * @return this
     */
    public ModelBuilder tie(String parameter, String owner) {
        graph.ties.put(parameter, owner);
        return this;
    }

    /**
     * Adds a loss, with the usual metrics and weight 1.
     *
     * @param name what its loss and metrics are called
     * @param loss what is computed
     * @param inputs what it reads of the model
     * @param targets names of what it reads of the batch
     * @return this
     */
    public ModelBuilder head(String name, Loss loss, List<Value> inputs, String... targets) {
        return head(new Head(name, loss, inputs, List.of(targets), 1));
    }

    /**
     * Adds a loss.
     *
     * @param head behind those that are there
     * @return this
     */
    public ModelBuilder head(Head head) {
        graph.heads.add(head);
        return this;
    }

    /**
     * Adds one more value that predictions give back.
     *
     * @param value an output of a layer
     * @return this
     */
    public ModelBuilder output(Value value) {
        graph.outputs.add(value);
        return this;
    }

    /**
     * {@return type of a value, for micro-batches of one sample}
     *
     * @param value what this or another builder of the graph has given
     */
    public TensorType type(Value value) {
        return value.isInput()
                ? graph.inputs.get(value.inputIndex()).type()
                : graph.types.get(value.node()).get(value.output());
    }

    /**
     * {@return the model, checked whole}
     *
     * @throws IllegalArgumentException if a tie was not used, or something does not fit
     */
    public Model build() {
        List<String> unused = graph.ties.keySet().stream()
                .filter(name -> graph.nodes.stream()
                        .noneMatch(
                                node -> Node.ownNames(node.name(), node.layer()).contains(name)))
                .sorted()
                .toList();
        if (!unused.isEmpty()) {
            throw new IllegalArgumentException(
                    "expected parameters of layers to tie, found " + Excerpt.of(unused) + ", which no layer has");
        }
        return new Model(graph.inputs, graph.nodes, graph.heads, graph.outputs);
    }

    private String global(String name) {
        if (name.isEmpty() && prefix.isEmpty()) {
            throw new IllegalArgumentException("layer without a name: only within a block that has one");
        }
        return name.isEmpty() ? prefix.substring(0, prefix.length() - 1) : prefix + name;
    }

    private List<String> parameters(String global, Layer layer) {
        List<String> names = new ArrayList<>();
        for (Parameter parameter : layer.parameters()) {
            String own = global + "." + parameter.name();
            String owner = graph.ties.get(own);
            if (owner != null
                    && graph.nodes.stream().noneMatch(node -> node.parameters().contains(owner))) {
                throw new IllegalArgumentException("parameter " + parameter.name() + " is tied to '" + Excerpt.of(owner)
                        + "', which no earlier layer has");
            }
            names.add(owner == null ? own : owner);
        }
        return names;
    }
}
