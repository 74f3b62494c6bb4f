package io.ketju.layers.model;

import io.ketju.layers.Increment;
import io.ketju.layers.Increment.Given;
import io.ketju.layers.Increment.Memory;
import io.ketju.layers.Increment.Part;
import io.ketju.layers.Increment.Source;
import io.ketju.layers.model.IncrementalModel.Beginning;
import io.ketju.layers.model.IncrementalModel.Carried;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Writes the two graphs of an {@link IncrementalModel}, node by node. Of a value of the whole it knows what it is while sequences grow,
 * and where it stands: in the graph that runs once if it is fixed, in the other if it is of a position.
 */
final class IncrementalWriter {
    /** Inputs of each position before those that are carried. */
    private static final int OWN_INPUTS = 2;

    private static final Value INDEX = Value.ofInput(1);

    private final Model model;
    private final int growing;
    private final int lengths;
    private final ModelTypes types;

    private final GraphRows once = new GraphRows();
    private final GraphRows each = new GraphRows();

    /** Of values of the whole: where they stand in the graph of each position, or in the one that runs once. */
    private final Map<Value, Value> positions = new LinkedHashMap<>();

    private final Map<Value, Value> fixed = new LinkedHashMap<>();

    /** Of values that run once: the input by which each position reads them. */
    private final Map<Value, Value> read = new LinkedHashMap<>();

    private final List<Value> computed = new ArrayList<>();
    private final List<Beginning> beginnings = new ArrayList<>();
    /** Of carried tensors, by the number of their input: what they become. */
    private final Map<Integer, Value> next = new LinkedHashMap<>();

    IncrementalWriter(Model model, String growing, String lengths) {
        this.model = model;
        List<String> names = model.inputs().stream().map(Input::name).toList();
        this.growing = names.indexOf(growing);
        this.lengths = names.indexOf(lengths);
        types = model.types(1);
    }

    Optional<IncrementalModel> write() {
        if (growing < 0 || model.inputs().get(growing).type().shape().rank() != 2 || !wholeSamples()) {
            return Optional.empty();
        }
        TensorType token = model.inputs().get(growing).type();
        each.input(Input.samples(IncrementalModel.TOKEN, token.dtype(), Shape.of(1)));
        each.input(Input.samples(IncrementalModel.INDEX, DType.INT32, Shape.of(1)));
        positions.put(Value.ofInput(growing), Value.ofInput(0));
        List<Boolean> needed = needed();
        for (int i = 0; i < model.inputs().size(); i++) {
            if (i != growing && i != lengths && isRead(i, needed)) {
                if (model.inputs()
                        .get(i)
                        .name()
                        .startsWith(model.inputs().get(growing).name() + "_")) {
                    return Optional.empty();
                }
                fixed.put(Value.ofInput(i), once.input(model.inputs().get(i)));
            }
        }
        for (int i = 0; i < model.nodes().size(); i++) {
            if (needed.get(i) && !written(i)) {
                return Optional.empty();
            }
        }
        Value output = positions.get(model.outputs().getFirst());
        return output == null ? Optional.empty() : Optional.of(finished(output));
    }

    /** Whether everything that goes in has samples outermost: rows are chosen and repeated by them. */
    private boolean wholeSamples() {
        return model.inputs().stream().allMatch(Input::batched);
    }

    /** Which nodes the first output depends on. */
    private List<Boolean> needed() {
        List<Boolean> needed = new ArrayList<>();
        model.nodes().forEach(node -> needed.add(false));
        need(model.outputs().getFirst(), needed);
        for (int i = model.nodes().size() - 1; i >= 0; i--) {
            if (needed.get(i)) {
                model.nodes().get(i).inputs().forEach(value -> need(value, needed));
            }
        }
        return needed;
    }

    private boolean isRead(int input, List<Boolean> needed) {
        return IntStream.range(0, needed.size())
                .anyMatch(i -> needed.get(i) && model.nodes().get(i).inputs().contains(Value.ofInput(input)));
    }

    private static void need(Value value, List<Boolean> needed) {
        if (!value.isInput()) {
            needed.set(value.node(), true);
        }
    }

    /** Writes a node into one graph or both; false if its layer has no form for one more position. */
    private boolean written(int index) {
        Node node = model.nodes().get(index);
        List<Given> given = node.inputs().stream().map(this::given).toList();
        if (Increment.all(given, Given.FIXED)) {
            List<Value> inputs = node.inputs().stream().map(fixed::get).toList();
            List<Value> outputs =
                    once.add(new Node(node.name(), node.layer(), inputs, node.parameters()), types.inputs(node));
            for (int i = 0; i < outputs.size(); i++) {
                fixed.put(new Value(index, i), outputs.get(i));
            }
            return true;
        }
        Optional<Increment> increment = node.layer().increment(given, types.inputs(node));
        increment.ifPresent(found -> new NodeWriter(node, found).write(index));
        return increment.isPresent();
    }

    private Given given(Value value) {
        if (value.equals(Value.ofInput(lengths)) && lengths >= 0) {
            return Given.LENGTHS;
        }
        return positions.containsKey(value) ? Given.POSITION : Given.FIXED;
    }

    /** The input by which each position reads what runs once. */
    private Value read(Value value) {
        Value known = read.get(value);
        if (known == null) {
            known = carried(beginning(value), once.type(value));
            read.put(value, known);
        }
        return known;
    }

    private Beginning beginning(Value value) {
        if (value.isInput()) {
            return new Beginning.Given(once.inputs().get(value.inputIndex()).name());
        }
        if (!computed.contains(value)) {
            computed.add(value);
        }
        return new Beginning.Computed(computed.indexOf(value));
    }

    private Value carried(Beginning beginning, TensorType most) {
        beginnings.add(beginning);
        String name = "carried." + (beginnings.size() - 1);
        return each.input(Input.samples(name, most.dtype(), most.shape().sample()));
    }

    private IncrementalModel finished(Value output) {
        List<Value> outputs = new ArrayList<>(List.of(output));
        List<Carried> carried = new ArrayList<>();
        for (int i = 0; i < beginnings.size(); i++) {
            Value becomes = next.get(OWN_INPUTS + i);
            OptionalInt place = becomes == null ? OptionalInt.empty() : OptionalInt.of(outputs.size());
            if (becomes != null) {
                outputs.add(becomes);
            }
            carried.add(new Carried(beginnings.get(i), place));
        }
        Optional<Model> before = computed.isEmpty() ? Optional.empty() : Optional.of(once.model(computed));
        return new IncrementalModel(before, each.model(outputs), carried);
    }

    /** Writes what takes the place of one node. */
    private final class NodeWriter {
        private final Node node;
        private final Increment increment;
        private final List<List<Value>> ofOnce = new ArrayList<>();
        private final List<List<Value>> ofEach = new ArrayList<>();
        private final List<Value> kept = new ArrayList<>();

        NodeWriter(Node node, Increment increment) {
            this.node = node;
            this.increment = increment;
        }

        void write(int index) {
            for (Part part : increment.once()) {
                List<Value> inputs = part.inputs().stream().map(this::inOnce).toList();
                ofOnce.add(add(once, "once." + ofOnce.size(), part, inputs));
            }
            for (Memory memory : increment.kept()) {
                Beginning begins = memory.begins().isPresent()
                        ? beginning(fixed(memory.begins().getAsInt()))
                        : new Beginning.Zeros(memory.first());
                kept.add(carried(begins, memory.most()));
            }
            for (Part part : increment.each()) {
                List<Value> inputs = part.inputs().stream().map(this::inEach).toList();
                ofEach.add(add(each, "each." + ofEach.size(), part, inputs));
            }
            for (int i = 0; i < kept.size(); i++) {
                next.put(
                        kept.get(i).inputIndex(), inEach(increment.kept().get(i).next()));
            }
            for (int i = 0; i < increment.outputs().size(); i++) {
                Source source = increment.outputs().get(i);
                if (source instanceof Source.Once) {
                    fixed.put(new Value(index, i), inOnce(source));
                } else {
                    positions.put(new Value(index, i), inEach(source));
                }
            }
        }

        private List<Value> add(GraphRows graph, String name, Part part, List<Value> inputs) {
            List<String> parameters = part.parameters().stream()
                    .map(i -> node.parameters().get(i))
                    .toList();
            Node written = new Node(node.name() + "." + name, part.layer(), inputs, parameters);
            return graph.add(written, inputs.stream().map(graph::type).toList());
        }

        private Value fixed(int input) {
            Value value = fixed.get(node.inputs().get(input));
            if (value == null) {
                throw new IllegalStateException(node + ": input " + input + " is not fixed");
            }
            return value;
        }

        private Value inOnce(Source source) {
            return switch (source) {
                case Source.Input input -> fixed(input.index());
                case Source.Once made -> ofOnce.get(made.part()).get(made.output());
                default -> throw new IllegalStateException(node + ": " + source + " is not there yet");
            };
        }

        private Value inEach(Source source) {
            return switch (source) {
                case Source.Input input -> {
                    Value position = positions.get(node.inputs().get(input.index()));
                    yield position == null ? read(fixed(input.index())) : position;
                }
                case Source.Once made -> read(inOnce(made));
                case Source.Made made -> ofEach.get(made.part()).get(made.output());
                case Source.Kept memory -> kept.get(memory.index());
                case Source.Index() -> INDEX;
            };
        }
    }
}
