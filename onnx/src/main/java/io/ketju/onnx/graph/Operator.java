package io.ketju.onnx.graph;

import io.ketju.onnx.format.OnnxAttribute;
import io.ketju.onnx.format.OnnxGraph;
import io.ketju.onnx.format.OnnxNode;
import java.util.ArrayList;
import java.util.List;

/** An operator that is being written: its attributes, then its outputs, which put it into the graph. */
public final class Operator {
    private final GraphWriter graph;
    private final String place;
    private final String operator;
    private final List<String> inputs;
    private final List<OnnxAttribute> attributes = new ArrayList<>();

    Operator(GraphWriter graph, String place, String operator, List<String> inputs) {
        this.graph = graph;
        this.place = place;
        this.operator = operator;
        this.inputs = inputs;
    }

    /**
     * {@return this, with a whole number}
     *
     * @param attribute its name
     * @param value itself, or 1 and 0 of what is true or not
     */
    public Operator with(String attribute, long value) {
        attributes.add(OnnxAttribute.of(attribute, value));
        return this;
    }

    /**
     * {@return this, with a number}
     *
     * @param attribute its name
     * @param value rounded to a float
     */
    public Operator with(String attribute, double value) {
        attributes.add(OnnxAttribute.of(attribute, value));
        return this;
    }

    /**
     * {@return this, with a word}
     *
     * @param attribute its name
     * @param value in UTF-8
     */
    public Operator with(String attribute, String value) {
        attributes.add(OnnxAttribute.of(attribute, value));
        return this;
    }

    Operator with(String attribute, OnnxGraph value) {
        attributes.add(OnnxAttribute.of(attribute, value));
        return this;
    }

    /**
     * {@return this, with whole numbers}
     *
     * @param attribute its name
     * @param values in their order
     */
    public Operator ints(String attribute, long... values) {
        attributes.add(OnnxAttribute.ints(attribute, values));
        return this;
    }

    /**
     * {@return this, with words}
     *
     * @param attribute its name
     * @param values in their order
     */
    public Operator texts(String attribute, List<String> values) {
        attributes.add(OnnxAttribute.texts(attribute, values));
        return this;
    }

    /**
     * Puts the operator into the graph, which is done once.
     *
     * @return the name of the one output
     */
    public String get() {
        return get(1).getFirst();
    }

    /**
     * Puts the operator into the graph, which is done once.
     *
     * @param count of the outputs, at least 1
     * @return their names, in ONNX's order
     */
    public List<String> get(int count) {
        String name = graph.unique(place + "/" + operator);
        List<String> outputs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            outputs.add(count == 1 ? name : name + ":" + i);
        }
        graph.add(new OnnxNode(name, operator, inputs, outputs, attributes));
        return List.copyOf(outputs);
    }
}
