package io.ketju.onnx.graph;

import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Value;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Which sizes of a model's values differ from call to call: those that change when inputs do. The layers are asked with larger
 * batches and with shorter sequences, and nobody has to say it of any layer.
 */
public final class Dimensions {
    /** The number of samples. */
    public static final String BATCH = "batch";

    private static final int SAMPLES = 2;

    /** Sizes that the inputs of a graph begin with: nodes, one more, and edges. */
    private static final int GRAPH = 3;

    /** Inputs of other types, and what the size is called that differs. */
    private record Change(String symbol, int from, int to, ModelTypes types) {}

    private final ModelTypes base;
    private final List<Change> changes;

    private Dimensions(ModelTypes base, List<Change> changes) {
        this.base = base;
        this.changes = changes;
    }

    /**
     * {@return dimensions with batches of any size, and sequences and graphs of any size too where the layers take them}
     *
     * @param model whose layers are asked
     */
    public static Dimensions of(Model model) {
        Map<String, UnaryOperator<TensorType>> none = new HashMap<>();
        ModelTypes base = model.types(types(model, SAMPLES, none));
        List<Change> changes = new ArrayList<>(fixed(model).changes);
        List<Input> sequences =
                model.inputs().stream().filter(Dimensions::isSequence).toList();
        for (Input input : sequences) {
            int most = input.type().shape().dimension(1);
            String symbol = sequences.size() == 1 ? "positions" : input.name() + "_positions";
            add(
                    changes,
                    symbol,
                    most,
                    most - 1,
                    () -> model.types(types(model, SAMPLES, Map.of(input.name(), type -> with(type, 1, most - 1)))));
        }
        addGraphs(model, changes);
        return new Dimensions(base, changes);
    }

    /**
     * {@return dimensions with batches of any size, all else being as the model says}
     *
     * @param model whose layers are asked
     */
    public static Dimensions fixed(Model model) {
        List<Change> changes = new ArrayList<>();
        if (model.inputs().stream().anyMatch(Input::batched)) {
            add(changes, BATCH, SAMPLES, SAMPLES + 1, () -> model.types(types(model, SAMPLES + 1, Map.of())));
        }
        return new Dimensions(model.types(types(model, SAMPLES, Map.of())), changes);
    }

    private static boolean isSequence(Input input) {
        Shape shape = input.type().shape();
        return input.batched() && input.type().dtype() == DType.INT32 && shape.rank() == 2 && shape.dimension(1) > 1;
    }

    /**
     * A graph's nodes and edges: rows of features and their pointers, of which there is one more; indexes and values. Pointers are
     * known by being whole numbers where features are rows, so that no number of edges is taken for that of nodes beside it.
     */
    private static void addGraphs(Model model, List<Change> changes) {
        TreeSet<Integer> first = new TreeSet<>();
        List<Input> whole = model.inputs().stream()
                .filter(input -> !input.batched() && input.type().shape().rank() > 0)
                .toList();
        whole.forEach(input -> first.add(first(input)));
        TreeSet<Integer> pointers = new TreeSet<>();
        whole.stream().filter(input -> pointed(input, whole)).forEach(input -> pointers.add(first(input) + 1));
        for (int size : first) {
            if (size < 2 || pointers.contains(size)) {
                continue;
            }
            boolean nodes = pointers.contains(size + 1);
            Map<String, UnaryOperator<TensorType>> less = new HashMap<>();
            for (Input input : whole) {
                if (first(input) == size || (nodes && first(input) == size + 1)) {
                    less.put(input.name(), type -> with(type, 0, first(input) - 1));
                }
            }
            add(
                    changes,
                    nodes ? "nodes" : first.size() == GRAPH ? "edges" : "rows_" + size,
                    size,
                    size - 1,
                    () -> model.types(types(model, SAMPLES, less)));
        }
    }

    private static int first(Input input) {
        return input.type().shape().dimension(0);
    }

    /** Whether there is a pointer to each row, and one behind the last. */
    private static boolean pointed(Input rows, List<Input> all) {
        return rows.type().shape().rank() > 1
                && all.stream().anyMatch(input -> input.type().equals(TensorType.ints(first(rows) + 1)));
    }

    private static TensorType with(TensorType type, int dimension, int size) {
        int[] sizes = type.shape().toArray();
        sizes[dimension] = size;
        return type.withShape(Shape.of(sizes));
    }

    private static List<TensorType> types(Model model, int samples, Map<String, UnaryOperator<TensorType>> changed) {
        return model.inputs().stream()
                .map(input -> changed.getOrDefault(input.name(), type -> type).apply(input.type(samples)))
                .toList();
    }

    /** Layers that take no other size refuse it: then it is no change that there is. */
    private static void add(List<Change> changes, String symbol, int from, int to, Supplier<ModelTypes> types) {
        try {
            changes.add(new Change(symbol, from, to, types.get()));
        } catch (IllegalArgumentException e) {
            // The layer's reason is of no use to anybody here.
        }
    }

    /**
     * {@return the dimensions of a value, outermost first}
     *
     * @param value an input of the model, or an output of a layer
     */
    public List<Dimension> of(Value value) {
        Shape shape = base.of(value).shape();
        List<Dimension> sizes = new ArrayList<>();
        for (int d = 0; d < shape.rank(); d++) {
            sizes.add(size(value, d, shape.dimension(d)));
        }
        return sizes;
    }

    private Dimension size(Value value, int dimension, int number) {
        String symbol = "";
        for (Change change : changes) {
            int other = change.types.of(value).shape().dimension(dimension);
            if (other != number) {
                boolean same = symbol.isEmpty() && number == change.from && other == change.to;
                symbol = same ? change.symbol : Dimension.DERIVED;
            }
        }
        return new Dimension(number, symbol);
    }

    /**
     * {@return the type of a value in the call that numbers are of}
     *
     * @param value an input of the model, or an output of a layer
     */
    public TensorType type(Value value) {
        return base.of(value);
    }
}
