package io.ketju.layers.model;

import io.ketju.layers.Parameter;
import io.ketju.layers.initializer.Initializer;
import io.ketju.layers.loss.Loss;
import io.ketju.layers.loss.Metric;
import io.ketju.layers.loss.Metrics;
import io.ketju.tensor.DType;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A flat graph of layers, checked whole: every node reads inputs of the model or outputs of earlier nodes, so the order
 * of the nodes is one in which they can run, and the pipeline cuts that order. Immutable.
 *
 * @param inputs what the model is given with every micro-batch
 * @param nodes in execution order
 * @param heads losses; none in a model that only predicts
 * @param outputs what a prediction gives back
 * @param initial weights that start otherwise than their layers say; of several that name one the last counts
 */
public record Model(
        List<Input> inputs, List<Node> nodes, List<Head> heads, List<Value> outputs, List<InitialValues> initial) {
    /** What the input of a model with one is called. */
    public static final String INPUT = "input";

    /** What the target of a model with one loss is called. */
    public static final String TARGET = "target";

    /** Throws {@link IllegalArgumentException} naming what does not fit. */
    public Model {
        inputs = List.copyOf(inputs);
        nodes = List.copyOf(nodes);
        heads = List.copyOf(heads);
        outputs = List.copyOf(outputs);
        initial = List.copyOf(initial);
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("a model needs at least one layer");
        }
        requireNames(inputs, nodes);
        requireHeadNames(heads);
        requireValues(inputs, nodes, heads, outputs);
        requireTies(nodes);
        InitialValues.require(initial, nodes);
        ModelTypes types =
                ModelTypes.infer(nodes, inputs.stream().map(Input::type).toList());
        heads.forEach(head -> types.of(head.inputs()));
        types.of(outputs);
    }

    /**
     * One whose weights start as their layers say.
     *
     * @param inputs what the model is given with every micro-batch
     * @param nodes in execution order
     * @param heads losses; none in a model that only predicts
     * @param outputs what a prediction gives back
     * @throws IllegalArgumentException naming what does not fit
     */
    public Model(List<Input> inputs, List<Node> nodes, List<Head> heads, List<Value> outputs) {
        this(inputs, nodes, heads, outputs, List.of());
    }

    /**
     * {@return the same graph with other initial values of some weights; buffers and what is tied to an earlier layer's weight stay as they
     * are}
     *
     * @param names global names, with {@code *} for any letters and {@code ?} for one: {@code *.weight}
     * @param initializer what these weights start as
     * @throws IllegalArgumentException if the names match none, or one has a shape that cannot be filled so
     */
    public Model apply(String names, Initializer initializer) {
        List<InitialValues> more = new ArrayList<>(initial);
        more.add(new InitialValues(names, initializer));
        return new Model(inputs, nodes, heads, outputs, more);
    }

    /**
     * {@return the same graph with other initial values, one rule after the other}
     *
     * @param values of several that name one weight the last counts
     * @throws IllegalArgumentException naming the rule that does not fit
     */
    public Model apply(List<InitialValues> values) {
        Model changed = this;
        for (InitialValues one : values) {
            try {
                changed = changed.apply(one.names(), one.initializer());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("'" + Excerpt.of(one) + "': " + e.getMessage(), e);
            }
        }
        return changed;
    }

    /**
     * {@return a chain of layers over float32 samples of one shape, without losses}
     *
     * @param inputShape of one sample
     * @param sequential the layers
     * @throws IllegalArgumentException naming what does not fit
     */
    public static Model of(Shape inputShape, Sequential sequential) {
        ModelBuilder builder = new ModelBuilder();
        Value input = builder.input(Input.samples(INPUT, DType.FLOAT32, inputShape));
        return builder.output(builder.add(sequential, input)).build();
    }

    /**
     * {@return the same layers over first inputs of another shape, whose outermost dimension counts samples}
     *
     * @param sample shape of one sample
     * @throws IllegalArgumentException naming what does not fit
     */
    public Model withInputShape(Shape sample) {
        Input first = inputs.getFirst();
        List<Input> changed = new ArrayList<>(inputs);
        changed.set(0, Input.samples(first.name(), first.type().dtype(), sample));
        return new Model(changed, nodes, heads, outputs, initial);
    }

    /**
     * {@return the same graph with one more loss of its first output, {@code loss}, and the usual metrics of it}
     *
     * @param loss its target is {@value #TARGET}
     */
    public Model withHead(Loss loss) {
        return withHead(loss, Metrics.usual(loss));
    }

    /**
     * {@return the same graph with one more loss of its first output, {@code loss}}
     *
     * @param loss its target is {@value #TARGET}
     * @param metrics measured beside it, in the order in which they are told
     */
    public Model withHead(Loss loss, List<Metric> metrics) {
        List<Head> more = new ArrayList<>(heads);
        more.add(new Head("loss", loss, List.of(outputs.getFirst()), List.of(TARGET), 1, metrics));
        return new Model(inputs, nodes, more, outputs, initial);
    }

    /**
     * {@return the same graph, with other metrics of its only loss}
     *
     * @param metrics in the order in which they are told
     * @throws IllegalStateException if it has no loss, or several
     */
    public Model withMetrics(List<Metric> metrics) {
        if (heads.size() != 1) {
            throw new IllegalStateException("expected one loss, found " + heads.size());
        }
        return new Model(inputs, nodes, List.of(heads.getFirst().withMetrics(metrics)), outputs, initial);
    }

    /** {@return the same graph whose losses measure what is usual: what a model is, apart from what is measured of it} */
    public Model withUsualMetrics() {
        return new Model(
                inputs,
                nodes,
                heads.stream()
                        .map(head -> head.withMetrics(Metrics.usual(head.loss())))
                        .toList(),
                outputs,
                initial);
    }

    /**
     * {@return types of all values in a micro-batch of the largest samples}
     *
     * @param samples of the micro-batch
     */
    public ModelTypes types(int samples) {
        return ModelTypes.infer(
                nodes, inputs.stream().map(input -> input.type(samples)).toList());
    }

    /**
     * {@return types of all values for some types of the inputs}
     *
     * @param ofInputs types of all inputs, in order
     */
    public ModelTypes types(List<TensorType> ofInputs) {
        return ModelTypes.infer(nodes, ofInputs);
    }

    /** {@return the same graph without its losses, for prediction alone} */
    public Model withoutHeads() {
        return new Model(inputs, nodes, List.of(), outputs, initial);
    }

    /** {@return what the outputs are called, in order: as their layers, {@code name:1} for a layer's second output} */
    public List<String> outputNames() {
        return outputs.stream().map(value -> ModelText.reference(this, value)).toList();
    }

    /** {@return shape of one sample of the first input, the largest} */
    public Shape inputShape() {
        return inputs.getFirst().type().shape().sample();
    }

    /** {@return shape of one sample of the first output, the largest} */
    public Shape outputShape() {
        return types(1).of(outputs.getFirst()).shape().sample();
    }

    /**
     * {@return a parameter as the first layer that has it declares it, with its initial values here}
     *
     * @param name its global name
     * @throws IllegalArgumentException if there is none of that name
     */
    public Parameter parameter(String name) {
        for (Node node : nodes) {
            int index = node.parameters().indexOf(name);
            if (index >= 0) {
                Parameter parameter = node.layer().parameters().get(index);
                for (InitialValues one : initial) {
                    parameter = one.applied(name, parameter);
                }
                return parameter;
            }
        }
        throw new IllegalArgumentException("no parameter '" + Excerpt.of(name) + "'");
    }

    /** {@return global names of all parameters that are weights, not buffers, each tied one once, in parameter order} */
    public List<String> weights() {
        Set<String> names = new LinkedHashSet<>();
        for (Node node : nodes) {
            for (int i = 0; i < node.parameters().size(); i++) {
                if (node.layer().parameters().get(i).learns()) {
                    names.add(node.parameters().get(i));
                }
            }
        }
        return List.copyOf(names);
    }

    /** {@return those of the {@link #weights} whose gradients are sparse: all layers that use them say so} */
    public Set<String> sparse() {
        Set<String> sparse = new LinkedHashSet<>(weights());
        for (Node node : nodes) {
            for (int i = 0; i < node.parameters().size(); i++) {
                if (!node.layer().parameters().get(i).sparse()) {
                    sparse.remove(node.parameters().get(i));
                }
            }
        }
        return sparse;
    }

    /** {@return number of scalars that learn; each tied one counts once} */
    public long parameterCount() {
        return ParameterSizes.of(nodes).scalars();
    }

    private static void requireNames(List<Input> inputs, List<Node> nodes) {
        Set<String> names = new LinkedHashSet<>();
        for (Input input : inputs) {
            ModelText.requireName(input.name());
            if (!names.add(input.name())) {
                throw new IllegalArgumentException("two inputs are named '" + Excerpt.of(input.name()) + "'");
            }
        }
        names.clear();
        for (Node node : nodes) {
            ModelText.requireName(node.name());
            if (!names.add(node.name())) {
                throw new IllegalArgumentException("two layers are named '" + Excerpt.of(node.name()) + "'");
            }
        }
    }

    /** What they measure is told by their names. */
    private static void requireHeadNames(List<Head> heads) {
        Set<String> names = new LinkedHashSet<>();
        for (Head head : heads) {
            if (!names.add(head.name())) {
                throw new IllegalArgumentException("two heads are named '" + Excerpt.of(head.name()) + "'");
            }
        }
    }

    private static void requireValues(List<Input> inputs, List<Node> nodes, List<Head> heads, List<Value> outputs) {
        for (int i = 0; i < nodes.size(); i++) {
            int before = i;
            if (!nodes.get(i).inputs().stream().allMatch(value -> exists(value, inputs, before))) {
                throw new IllegalArgumentException(Excerpt.of(nodes.get(i)) + ": reads "
                        + nodes.get(i).inputs() + ", expected inputs of the model or outputs of earlier layers");
            }
        }
        for (Head head : heads) {
            boolean nodesOnly = head.inputs().stream().allMatch(value -> exists(value, inputs, nodes.size()));
            if (!nodesOnly || head.node() < 0) {
                throw new IllegalArgumentException("head " + head.name() + ": reads " + head.inputs()
                        + ", expected at least one output of a layer");
            }
        }
        if (outputs.isEmpty()
                || !outputs.stream().allMatch(value -> !value.isInput() && exists(value, inputs, nodes.size()))) {
            throw new IllegalArgumentException(
                    "outputs of the model: found " + outputs + ", expected outputs of its layers");
        }
    }

    private static boolean exists(Value value, List<Input> inputs, int nodes) {
        return value.isInput() ? value.inputIndex() < inputs.size() && value.output() == 0 : value.node() < nodes;
    }

    /** A name that two nodes have is the same tensor: it must look the same, and be the first node's own. */
    private static void requireTies(List<Node> nodes) {
        Map<String, Parameter> owned = new LinkedHashMap<>();
        for (Node node : nodes) {
            List<Parameter> parameters = node.layer().parameters();
            for (int i = 0; i < parameters.size(); i++) {
                String name = node.parameters().get(i);
                Parameter owner = owned.putIfAbsent(name, parameters.get(i));
                if (owner != null
                        && !(owner.shape().equals(parameters.get(i).shape())
                                && owner.learns()
                                && parameters.get(i).learns())) {
                    throw new IllegalArgumentException(Excerpt.of(node) + ": parameter "
                            + parameters.get(i).name() + " "
                            + parameters.get(i).shape() + " cannot be tied to '" + Excerpt.of(name) + "' "
                            + owner.shape());
                }
            }
        }
    }
}
