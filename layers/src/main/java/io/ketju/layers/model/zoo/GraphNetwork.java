package io.ketju.layers.model.zoo;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.OptionalDropout;
import io.ketju.layers.model.Value;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * Graph convolutions one after the other over one whole graph, with ReLU and dropout between them: what networks over graphs have in
 * common. Layers are called conv1, relu, drop, conv2, and behind that relu2, drop2, conv3. Features, row pointers and column indexes are
 * constants of the model, and so are the values of the edges where the convolution reads them.
 *
 * @param features of a node
 * @param hidden features between the convolutions
 * @param classes number of outputs
 * @param layers number of convolutions
 * @param dropout share of the features behind each of them but the last that training leaves out
 */
record GraphNetwork(int features, int hidden, int classes, int layers, double dropout) {
    private static final String LAYERS = "layers";

    /** One convolution, from so many features of a node to so many. */
    @FunctionalInterface
    interface Convolution {
        /** Writes it into the graph; the matrix is what the model knows of the edges. */
        Value in(ModelBuilder model, int in, int out, List<Value> inputs);
    }

    /** With the arguments of {@link #of}, {@link #nodes} and {@link #edges}. */
    static Description describe(Description description) {
        return description
                .optional("features", 34, "features of a node")
                .optional("hidden", 16, "features between the convolutions")
                .optional(Networks.CLASSES, 2, "number of outputs")
                .named(LAYERS, 2, "number of convolutions")
                .named("dropout", 0.5, "share of the features between them that training leaves out")
                .named("nodes", 34, "nodes of the graph")
                .named("edges", 190, "stored edges of the graph: both ways, and loops");
    }

    static GraphNetwork of(Arguments arguments) {
        return new GraphNetwork(
                arguments.integer("features"),
                arguments.integer("hidden"),
                arguments.integer(Networks.CLASSES),
                Counts.of(arguments, LAYERS),
                arguments.number("dropout"));
    }

    /** Of the graph. */
    static int nodes(Arguments arguments) {
        return positive(arguments, "nodes");
    }

    /** Of the graph. */
    static int edges(Arguments arguments) {
        return positive(arguments, "edges");
    }

    private static int positive(Arguments arguments, String name) {
        int value = arguments.integer(name);
        Arguments.requirePositive(arguments.spec().name(), name, value);
        return value;
    }

    /**
     * The model with its loss, by which nodes learn whose class is known: "target" int32 [nodes].
     *
     * @param matrix the inputs that are the graph, without the features
     */
    Model model(int nodes, List<Input> matrix, Convolution convolution) {
        ModelBuilder model = new ModelBuilder();
        Value x = model.input(Input.constant("features", TensorType.floats(nodes, features)));
        List<Value> graph = new ArrayList<>();
        matrix.forEach(input -> graph.add(model.input(input)));
        for (int layer = 1; layer <= layers; layer++) {
            List<Value> inputs = new ArrayList<>(List.of(x));
            inputs.addAll(graph);
            int in = layer == 1 ? features : hidden;
            x = convolution.in(model.inside("conv" + layer), in, layer == layers ? classes : hidden, inputs);
            if (layer < layers) {
                String place = layer == 1 ? "" : Integer.toString(layer);
                x = model.add("relu" + place, Activations.relu(), x);
                x = model.add("drop" + place, new OptionalDropout(dropout), x);
            }
        }
        return model.head("loss", new CrossEntropyLoss(), List.of(x), Model.TARGET)
                .output(x)
                .build();
    }

    /** Where the edges of each node begin, and where they lead. */
    static List<Input> edges(int nodes, int edges) {
        return List.of(
                Input.constant("row_pointers", TensorType.ints(nodes + 1)),
                Input.constant("column_indexes", TensorType.ints(edges)));
    }

    /** The same with their values. */
    static List<Input> matrix(int nodes, int edges) {
        List<Input> inputs = new ArrayList<>(edges(nodes, edges));
        inputs.add(Input.constant("edge_values", TensorType.floats(edges)));
        return inputs;
    }
}
