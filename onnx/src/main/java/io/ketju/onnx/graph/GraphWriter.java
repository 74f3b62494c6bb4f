package io.ketju.onnx.graph;

import io.ketju.onnx.format.OnnxGraph;
import io.ketju.onnx.format.OnnxNode;
import io.ketju.onnx.format.OnnxTensor;
import io.ketju.onnx.format.OnnxType;
import io.ketju.onnx.format.OnnxValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A graph while it is written: operators in the order in which they run, and constants, each once. A body of a loop is a graph
 * of its own that sees all values of the graph around it, and leaves constants to it.
 */
public final class GraphWriter {
    private static final class Shared {
        final Map<String, OnnxTensor> constants = new LinkedHashMap<>();
        final Map<String, String> known = new HashMap<>();
        final Map<String, Integer> counts = new HashMap<>();
        final int operators;
        int unnamed;

        Shared(int operators) {
            this.operators = operators;
        }
    }

    private final Shared shared;
    private final List<OnnxNode> nodes = new ArrayList<>();

    /**
     * Begins a graph without operators.
     *
     * @param operators version of ONNX's set of operators that it is written in
     */
    public GraphWriter(int operators) {
        this(new Shared(operators));
    }

    private GraphWriter(Shared shared) {
        this.shared = shared;
    }

    int operators() {
        return shared.operators;
    }

    /** A graph that a loop repeats. */
    GraphWriter body() {
        return new GraphWriter(shared);
    }

    /**
     * {@return a name that nothing has yet: the one that is wanted, or that with a number behind it}
     *
     * @param wanted any text
     */
    public String unique(String wanted) {
        int count = shared.counts.merge(wanted, 1, Integer::sum);
        return count == 1 ? wanted : unique(wanted + "_" + count);
    }

    /**
     * Makes a value known under a name of its own.
     *
     * @param name that is {@link #unique}
     * @param value the name that it has
     */
    public void name(String name, String value) {
        add(new OnnxNode(name, "Identity", List.of(value), List.of(name), List.of()));
    }

    void add(OnnxNode node) {
        nodes.add(node);
    }

    /** A tensor under its own name, once. */
    String constant(String name, List<Long> dimensions, Supplier<float[]> values) {
        shared.constants.computeIfAbsent(name, key -> OnnxTensor.floats(key, dimensions, values));
        return name;
    }

    /** The same numbers have the same name. */
    String floats(float[] values, long... dimensions) {
        String name = known("f" + Arrays.toString(values) + Arrays.toString(dimensions));
        return constant(name, boxed(dimensions), values::clone);
    }

    /** One dimension of whole numbers. */
    String longs(long... values) {
        String name = known("i" + Arrays.toString(values));
        shared.constants.computeIfAbsent(name, key -> OnnxTensor.longs(key, List.of((long) values.length), values));
        return name;
    }

    /** One whole number, without a dimension. */
    String scalar(long value) {
        String name = known("s" + value);
        shared.constants.computeIfAbsent(name, key -> OnnxTensor.longs(key, List.of(), value));
        return name;
    }

    private String known(String content) {
        return shared.known.computeIfAbsent(content, key -> unique("constant_" + shared.unnamed++));
    }

    private static List<Long> boxed(long... dimensions) {
        return Arrays.stream(dimensions).boxed().toList();
    }

    /**
     * {@return the whole, with all constants}
     *
     * @param name of the graph, for people
     * @param inputs what a caller gives, in its order
     * @param outputs what a caller gets, in its order
     */
    public OnnxGraph finish(String name, List<OnnxValue> inputs, List<OnnxValue> outputs) {
        return new OnnxGraph(name, nodes, List.copyOf(shared.constants.values()), inputs, outputs);
    }

    /** A body, whose inputs and outputs are of types that are known from where it stands. */
    OnnxGraph finishBody(String name, List<String> inputs, List<String> outputs) {
        return new OnnxGraph(name, nodes, List.of(), untyped(inputs), untyped(outputs));
    }

    private static List<OnnxValue> untyped(List<String> names) {
        return names.stream()
                .map(name -> new OnnxValue(name, OnnxType.FLOAT, Optional.empty()))
                .toList();
    }
}
