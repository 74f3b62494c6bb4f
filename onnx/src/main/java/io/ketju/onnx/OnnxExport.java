package io.ketju.onnx;

import io.ketju.layers.Layer;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.model.Node;
import io.ketju.layers.model.Value;
import io.ketju.layers.vocabulary.NegativeSampling;
import io.ketju.onnx.format.OnnxGraph;
import io.ketju.onnx.format.OnnxModel;
import io.ketju.onnx.format.OnnxType;
import io.ketju.onnx.format.OnnxValue;
import io.ketju.onnx.graph.Dimension;
import io.ketju.onnx.graph.Dimensions;
import io.ketju.onnx.graph.Exporter;
import io.ketju.onnx.graph.FreeSizeException;
import io.ketju.onnx.graph.GraphWriter;
import io.ketju.onnx.graph.InexpressibleException;
import io.ketju.onnx.graph.NewerOperatorsException;
import io.ketju.onnx.graph.Site;
import io.ketju.onnx.layer.Exporters;
import io.ketju.tensor.DType;
import io.ketju.tensor.Excerpt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The forward graph of a model, as it computes in evaluation, in ONNX: inputs and outputs under the model's names, parameters
 * under their global names. Batches may be of any size; so may sequences of tokens and graphs, up to what the model says and
 * where every layer takes them. Immutable.
 *
 * <p>What another program computes of the file is not bit for bit what Ketju computes, since it adds in another order.
 *
 * <pre>{@code
 * OnnxModel file = OnnxExport.of(model).model(trained::parameter);
 * }</pre>
 */
public final class OnnxExport {
    /** The version of ONNX's operators that files are written in, unless a layer needs a newer one. */
    public static final int OPERATORS = 17;

    private final Model model;
    private final List<String> outputs;
    private final Map<String, Exporter> exporters;

    private OnnxExport(Model model, List<String> outputs, Map<String, Exporter> exporters) {
        this.model = model;
        this.outputs = List.copyOf(outputs);
        this.exporters = exporters;
    }

    /**
     * {@return an export of all outputs of a model, with the exporters of the catalogue; in place of a loss that draws random numbers, as that
     * of word vectors against negatives, what it reads first: the vectors}
     *
     * @param model whose graph is written
     */
    public static OnnxExport of(Model model) {
        List<String> outputs = new ArrayList<>(model.outputNames());
        for (int i = 0; i < outputs.size(); i++) {
            Value value = model.outputs().get(i);
            if (draws(model, value)) {
                Value read = model.nodes().get(value.node()).inputs().getFirst();
                outputs.set(i, ModelText.reference(model, read));
            }
        }
        return new OnnxExport(model, outputs, Exporters.ALL);
    }

    /** Whether a value is a loss against negatives that the layer draws, of what another layer made. */
    private static boolean draws(Model model, Value value) {
        if (value.isInput() || !(model.nodes().get(value.node()).layer() instanceof NegativeSampling)) {
            return false;
        }
        List<Value> read = model.nodes().get(value.node()).inputs();
        return !read.getFirst().isInput()
                && model.types(1).of(read.get(2)).shape().rank() == 1;
    }

    /** {@return the names of the layers that can be exported, sorted} */
    public static SortedSet<String> layers() {
        return new TreeSet<>(Exporters.ALL.keySet());
    }

    /**
     * {@return the same with an exporter of a layer of one's own, or with another one}
     *
     * @param layer the name that the layer's {@link Layer#spec} has
     * @param exporter used for all layers of that name
     */
    public OnnxExport with(String layer, Exporter exporter) {
        Map<String, Exporter> more = new TreeMap<>(exporters);
        more.put(layer, exporter);
        return new OnnxExport(model, outputs, more);
    }

    /**
     * {@return the same with other outputs; what they do not need is left out}
     *
     * @param names of layers, {@code name:1} for a second output; the file's outputs have these names, in this order
     * @throws IllegalArgumentException for a name that is none
     */
    public OnnxExport withOutputs(List<String> names) {
        OnnxExport other = new OnnxExport(model, names, exporters);
        other.values();
        return other;
    }

    private List<Value> values() {
        List<Value> values = new ArrayList<>();
        for (String name : outputs) {
            String[] parts = name.split(":", 2);
            int node = model.nodes().stream().map(Node::name).toList().indexOf(parts[0]);
            boolean number = parts.length == 1 || parts[1].matches("\\d{1,6}");
            Value value = new Value(node, parts.length == 1 || !number ? 0 : Integer.parseInt(parts[1]));
            int made = node < 0 ? 0 : model.types(1).outputs().get(node).size();
            if (!number || value.output() >= made) {
                throw new IllegalArgumentException("output '" + Excerpt.of(name)
                        + "': expected the name of a layer, or name:1 for its second output, found none of "
                        + Excerpt.of(model.nodes().stream().map(Node::name).toList()));
            }
            values.add(value);
        }
        return values;
    }

    /**
     * Makes the content of a file.
     *
     * @param weights values of each parameter by its global name, row-major; asked for when the file is written
     * @return the content, which asks for the weights
     * @throws IllegalArgumentException naming the layer that has no exporter, or none for what it was written with
     */
    public OnnxModel model(Function<String, float[]> weights) {
        try {
            return model(OPERATORS, weights);
        } catch (NewerOperatorsException e) {
            return model(e.operators(), weights);
        }
    }

    private OnnxModel model(int operators, Function<String, float[]> weights) {
        OnnxGraph graph;
        try {
            graph = graph(operators, Dimensions.of(model), weights);
        } catch (FreeSizeException e) {
            graph = graph(operators, Dimensions.fixed(model), weights);
        }
        String version = OnnxExport.class.getPackage().getImplementationVersion();
        return new OnnxModel(operators, version == null ? "" : version, graph, Map.of());
    }

    private OnnxGraph graph(int operators, Dimensions sizes, Function<String, float[]> weights) {
        GraphWriter graph = new GraphWriter(operators);
        List<Value> wanted = values();
        SortedSet<Integer> needed = needed(wanted);
        Map<Value, String> names = new HashMap<>();
        List<OnnxValue> inputs = new ArrayList<>();
        for (int i = 0; i < model.inputs().size(); i++) {
            Value value = Value.ofInput(i);
            if (needed.contains(value.node())) {
                Input input = model.inputs().get(i);
                names.put(value, graph.unique(input.name()));
                inputs.add(type(input.name(), value, sizes));
            }
        }
        // A layer may be called as an input is.
        List<String> named = outputs.stream().map(graph::unique).toList();
        for (int node : needed) {
            if (node >= 0) {
                List<String> read = model.nodes().get(node).inputs().stream()
                        .map(names::get)
                        .toList();
                Site site = new Site(graph, model, node, read, sizes, weights);
                List<String> made = export(node, site);
                for (int i = 0; i < made.size(); i++) {
                    names.put(new Value(node, i), made.get(i));
                }
            }
        }
        List<OnnxValue> results = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            graph.name(named.get(i), names.getOrDefault(wanted.get(i), ""));
            results.add(type(named.get(i), wanted.get(i), sizes));
        }
        return graph.finish("ketju", inputs, results);
    }

    /** Nodes, and inputs as negative numbers, that outputs are made of. */
    private SortedSet<Integer> needed(List<Value> wanted) {
        SortedSet<Integer> needed = new TreeSet<>();
        wanted.forEach(value -> needed.add(value.node()));
        for (int node = model.nodes().size() - 1; node >= 0; node--) {
            if (needed.contains(node)) {
                model.nodes().get(node).inputs().forEach(value -> needed.add(value.node()));
            }
        }
        return needed;
    }

    private List<String> export(int index, Site site) {
        Node node = model.nodes().get(index);
        Exporter exporter = exporters.get(site.kind());
        if (exporter == null) {
            throw new IllegalArgumentException(Excerpt.of(node) + ": expected a layer that has a form in ONNX, found "
                    + site.kind() + ", which has no exporter");
        }
        try {
            return exporter.export(site);
        } catch (InexpressibleException e) {
            throw new IllegalArgumentException(
                    Excerpt.of(node) + ": expected a layer that has a form in ONNX, found one that has none: "
                            + e.getMessage(),
                    e);
        }
    }

    private static OnnxValue type(String name, Value value, Dimensions sizes) {
        boolean floats = sizes.type(value).dtype() == DType.FLOAT32;
        return new OnnxValue(
                name,
                floats ? OnnxType.FLOAT : OnnxType.INT32,
                sizes.of(value).stream().map(Dimension::text).toList());
    }
}
