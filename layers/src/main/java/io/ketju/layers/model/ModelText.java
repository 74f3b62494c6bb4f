package io.ketju.layers.model;

import io.ketju.layers.loss.Metrics;
import io.ketju.tensor.DType;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A model as lines of text, as job files, the wire and the terminal have them: one line for each layer.
 *
 * <pre>
 * input tokens = int32[16]
 * input edges = constant int32[40]
 * conv = Conv2d(3, 8, kernel_size=3, padding=1) &lt;- input
 * BatchNorm2d(8)
 * sum = Add() &lt;- 1, conv
 * decoder = Linear(8, 100) with weight = embedding.weight
 * init *.weight = xavier_uniform(gain=1)
 * head loss = CrossEntropyLoss() &lt;- sum targets target weight 0.3 metrics accuracy, perplexity
 * output sum, lstm:1
 * </pre>
 *
 * Without {@code name =} a layer is called by its position. Without {@code <-} it reads the line before, the first layer the first
 * input. {@code name:1} is the second output of a layer. {@code with} ties parameters to those of earlier layers. Without an input
 * line there is one input, {@code input}, of float32 samples; a type is that of the largest sample, or, after {@code whole}, of
 * all of it, or, after {@code constant}, of what never changes. Without an output line the last layer's first output is the
 * output. An init line gives weights other initial values than their layers do. A head that is the loss of the job itself has no
 * line; {@code metrics} says what is measured beside a loss where that is not the usual.
 */
public final class ModelText {
    static final String INPUT = "input ";
    static final String WHOLE = "whole ";
    static final String CONSTANT = "constant ";
    static final String HEAD = "head ";
    static final String INIT = "init ";
    static final String OUTPUT = "output ";
    static final String READS = "<-";
    static final String TARGETS = " targets ";
    static final String WEIGHT = " weight ";
    static final String METRICS = " metrics ";
    static final String TIES = " with ";

    private ModelText() {}

    /**
     * {@return the lines of a model; what is by default is left out}
     *
     * @param model any; {@link #parse} reads it back
     */
    public static List<String> print(Model model) {
        List<String> lines = new ArrayList<>();
        boolean usual = model.inputs().size() == 1 && model.inputs().getFirst().equals(usualInput(model.inputShape()));
        if (!usual) {
            model.inputs().forEach(input -> lines.add(input(input)));
        }
        for (int i = 0; i < model.nodes().size(); i++) {
            lines.add(node(model, i));
        }
        model.initial().forEach(one -> lines.add(INIT + one));
        for (Head head : model.heads()) {
            if (!head.equals(usualHead(model, head))) {
                lines.add(HEAD + head.name() + " = " + head.loss().spec() + " " + READS + " "
                        + references(model, head.inputs())
                        + (head.targets().isEmpty() ? "" : TARGETS + String.join(", ", head.targets()))
                        + (head.weight() == 1 ? "" : WEIGHT + head.weight())
                        + metrics(head));
            }
        }
        Value last = new Value(model.nodes().size() - 1, 0);
        if (!model.outputs().equals(List.of(last))) {
            lines.add(OUTPUT + references(model, model.outputs()));
        }
        return lines;
    }

    /**
     * {@return the model that lines say}
     *
     * @param inputShape of one sample, where no line is an input's
     * @param lines as {@link #print} gives them
     * @throws IllegalArgumentException with the line, what was expected and what was found
     */
    public static Model parse(Shape inputShape, List<String> lines) {
        return new ModelTextParser(inputShape).parse(lines);
    }

    static Input usualInput(Shape sample) {
        return Input.samples(Model.INPUT, DType.FLOAT32, sample);
    }

    /** What is measured, unless it is the usual. */
    private static String metrics(Head head) {
        if (head.metrics().equals(Metrics.usual(head.loss()))) {
            return "";
        }
        return METRICS + (head.metrics().isEmpty() ? Metrics.NONE : Metrics.names(head.metrics()));
    }

    private static Head usualHead(Model model, Head head) {
        return new Head("loss", head.loss(), List.of(model.outputs().getFirst()), List.of(Model.TARGET), 1);
    }

    /** A type as {@code float32[3, 32, 32]}. */
    private static String input(Input input) {
        Shape shape =
                input.batched() ? input.type().shape().sample() : input.type().shape();
        String kind = switch (input.kind()) {
            case SAMPLES -> "";
            case WHOLE -> WHOLE;
            case CONSTANT -> CONSTANT;
        };
        return INPUT + input.name() + " = " + kind + input.type().dtype().text() + shape;
    }

    private static String node(Model model, int index) {
        Node node = model.nodes().get(index);
        Value before = index == 0 ? Value.ofInput(0) : new Value(index - 1, 0);
        String name = node.name().equals(Integer.toString(index)) ? "" : node.name() + " = ";
        String reads =
                node.inputs().equals(List.of(before)) ? "" : " " + READS + " " + references(model, node.inputs());
        return name + node.layer().spec() + reads + ties(node);
    }

    private static String ties(Node node) {
        List<String> own = Node.ownNames(node.name(), node.layer());
        List<String> ties = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            if (!own.get(i).equals(node.parameters().get(i))) {
                ties.add(node.layer().parameters().get(i).name() + " = "
                        + node.parameters().get(i));
            }
        }
        return ties.isEmpty() ? "" : TIES + String.join(", ", ties);
    }

    private static String references(Model model, List<Value> values) {
        return values.stream().map(value -> reference(model, value)).collect(Collectors.joining(", "));
    }

    /**
     * {@return what other lines call a value: an input's or a layer's name, {@code name:1} for a layer's second output}
     *
     * @param model whose names count
     * @param value one of it
     */
    public static String reference(Model model, Value value) {
        if (value.isInput()) {
            return model.inputs().get(value.inputIndex()).name();
        }
        String name = model.nodes().get(value.node()).name();
        return value.output() == 0 ? name : name + ":" + value.output();
    }

    /** Whether a name can stand in text: no space, and nothing that means something else there. */
    static void requireName(String name) {
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9_.\\-]*")) {
            throw new IllegalArgumentException(
                    "expected a name of letters, digits, '_', '-' and '.', found '" + Excerpt.of(name) + "'");
        }
    }
}
