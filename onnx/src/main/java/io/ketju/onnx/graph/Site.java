package io.ketju.onnx.graph;

import io.ketju.layers.Layer;
import io.ketju.layers.Parameter;
import io.ketju.layers.catalogue.Catalogue;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.Node;
import io.ketju.layers.model.Value;
import io.ketju.layers.spec.Arguments;
import io.ketju.onnx.format.OnnxType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Where a layer stands: its arguments, inputs and parameters, and the graph that its operators are written into. Values are
 * named by texts; an operator gives the name of what it makes.
 */
public final class Site {
    /** In the place of an input that is left out. */
    public static final String NOTHING = "";

    private static final int NEWER = 18;

    private static final Catalogue LAYERS = Catalogue.ALL.getFirst();

    private final GraphWriter graph;
    private final Model model;
    private final int index;
    private final List<String> inputs;
    private final Dimensions sizes;
    private final Function<String, float[]> weights;

    /** Is made by the export, for each layer.
     * @param graph that operators are written into
     * @param model whose node it is
     * @param index which node of the model it is
     * @param inputs names of what the node reads
     * @param sizes of all values
     * @param weights values of the model's parameters by their global names */
    public Site(
            GraphWriter graph,
            Model model,
            int index,
            List<String> inputs,
            Dimensions sizes,
            Function<String, float[]> weights) {
        this.graph = graph;
        this.model = model;
        this.index = index;
        this.inputs = List.copyOf(inputs);
        this.sizes = sizes;
        this.weights = weights;
    }

    private Node node() {
        return model.nodes().get(index);
    }

    /** {@return the layer} */
    public Layer layer() {
        return node().layer();
    }

    /** {@return what the layer is called in its text: {@code MaxPool2d}} */
    public String kind() {
        return layer().spec().name();
    }

    /**
     * {@return what the layer is written with, defaults included} Throws {@link IllegalArgumentException} for one of no
     * catalogue.
     */
    public Arguments arguments() {
        return Arguments.of(layer().spec(), LAYERS.description(kind()));
    }

    /** {@return the name of an input}
     * @param input from 0 */
    public String input(int input) {
        return inputs.get(input);
    }

    /** {@return how many inputs the node has} */
    public int inputs() {
        return inputs.size();
    }

    /** {@return whether an input holds whole numbers}
     * @param input from 0 */
    public boolean isWhole(int input) {
        return !sizes.type(node().inputs().get(input)).differentiable();
    }

    /** {@return the dimensions of an input}
     * @param input from 0 */
    public List<Dimension> sizes(int input) {
        return sizes.of(node().inputs().get(input));
    }

    /** {@return how many dimensions an input has}
     * @param input from 0 */
    public int rank(int input) {
        return sizes(input).size();
    }

    /** {@return a size of an input} Throws {@link FreeSizeException} if it differs from call to call.
     * @param input from 0
     * @param dimension from 0; from the end where negative */
    public int size(int input, int dimension) {
        List<Dimension> all = sizes(input);
        return number(all.get(dimension < 0 ? dimension + all.size() : dimension));
    }

    /** {@return the dimensions of an output}
     * @param output from 0 */
    public List<Dimension> outputSizes(int output) {
        return sizes.of(new Value(index, output));
    }

    /** {@return a size of an output} Throws as {@link #size} does.
     * @param output from 0
     * @param dimension from 0; from the end where negative */
    public int outputSize(int output, int dimension) {
        List<Dimension> all = outputSizes(output);
        return number(all.get(dimension < 0 ? dimension + all.size() : dimension));
    }

    private int number(Dimension size) {
        if (size.free()) {
            throw new FreeSizeException(node() + ": needs a size that differs from call to call");
        }
        return size.number();
    }

    private int place(String parameter) {
        List<Parameter> all = layer().parameters();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).name().equals(parameter)) {
                return i;
            }
        }
        throw new IllegalArgumentException(node() + ": no parameter '" + parameter + "'");
    }

    /** {@return whether the layer has a parameter}
     * @param parameter its name within the layer */
    public boolean hasParameter(String parameter) {
        return layer().parameters().stream().anyMatch(one -> one.name().equals(parameter));
    }

    /** {@return a parameter as it is, under its global name}
     * @param parameter its name within the layer; throws {@link IllegalArgumentException} if there is none, as the next does */
    public String parameter(String parameter) {
        int place = place(parameter);
        String global = node().parameters().get(place);
        return graph.constant(
                global,
                Arrays.stream(layer().parameters().get(place).shape().toArray())
                        .mapToObj(size -> (long) size)
                        .toList(),
                () -> weights.apply(global));
    }

    /** {@return what is made of a parameter's values, in another shape, as a constant of its own}
     * @param parameter its name within the layer
     * @param suffix behind the parameter's global name, to name the constant
     * @param made takes and gives values row-major, when the file is written
     * @param dimensions of what is made */
    public String parameter(String parameter, String suffix, UnaryOperator<float[]> made, long... dimensions) {
        String global = node().parameters().get(place(parameter));
        return graph.constant(
                graph.unique(global + suffix),
                Arrays.stream(dimensions).boxed().toList(),
                () -> made.apply(weights.apply(global)));
    }

    /** {@return a parameter's values, row-major, asked for now}
     * @param parameter its name within the layer
     * @param orZeros how many zeros there are instead if the layer has none of that name */
    public float[] values(String parameter, int orZeros) {
        return hasParameter(parameter) ? weights.apply(node().parameters().get(place(parameter))) : new float[orZeros];
    }

    /** {@return a large constant of this layer}
     * @param name behind the layer's
     * @param values asked for when the file is written, row-major
     * @param dimensions none for a single number */
    public String constant(String name, Supplier<float[]> values, long... dimensions) {
        return graph.constant(
                graph.unique(node().name() + "/" + name),
                Arrays.stream(dimensions).boxed().toList(),
                values);
    }

    /** {@return a small constant; the same numbers are one}
     * @param values row-major
     * @param dimensions none for a single number */
    public String floats(float[] values, long... dimensions) {
        return graph.floats(values, dimensions);
    }

    /** {@return one number, float32, without a dimension}
     * @param value rounded to a float */
    public String number(double value) {
        return graph.floats(new float[] {(float) value});
    }

    /** {@return whole numbers, as axes and shapes are: int64 [n]}
     * @param values in their order */
    public String longs(long... values) {
        return graph.longs(values);
    }

    /** {@return a single whole number, int64, without a dimension}
     * @param value any */
    public String whole(long value) {
        return graph.scalar(value);
    }

    /** {@return an operator that attributes may be added to; it is in the graph once its outputs are asked for}
     * @param operator its name in ONNX
     * @param operands names of values, {@link #NOTHING} for one that is left out */
    public Operator op(String operator, String... operands) {
        return new Operator(graph, node().name(), operator, Arrays.asList(operands));
    }

    /** {@return the one output of an operator without attributes}
     * @param operator its name in ONNX
     * @param operands names of values, {@link #NOTHING} for one that is left out */
    public String call(String operator, String... operands) {
        return op(operator, operands).get();
    }

    /** {@return the value in another shape}
     * @param value its name
     * @param shape 0 for as the value has it there, -1 for what follows from the others */
    public String reshape(String value, long... shape) {
        return call("Reshape", value, longs(shape));
    }

    /** {@return the value with its dimensions in another order}
     * @param value its name
     * @param order for each dimension of the result, which one of the value it is */
    public String transpose(String value, long... order) {
        return op("Transpose", value).ints("perm", order).get();
    }

    /** {@return the value with elements of another type}
     * @param value its name
     * @param type of the result */
    public String cast(String value, OnnxType type) {
        return op("Cast", value).with("to", type.number()).get();
    }

    /** {@return a part of one dimension}
     * @param value its name
     * @param axis that is cut
     * @param start first element; negative ones count from the end, as all three
     * @param end behind the last element
     * @param step from one element to the next */
    public String slice(String value, int axis, long start, long end, long step) {
        return call("Slice", value, longs(start), longs(end), longs(axis), longs(step));
    }

    /** {@return the size of a dimension in each call, int64 [1]}
     * @param value its name
     * @param axis from 0 */
    public String sizeOf(String value, int axis) {
        return op("Shape", value).with("start", axis).with("end", axis + 1).get();
    }

    /** {@return 0, 1 ... below the size of a dimension, int64 [size]}
     * @param value its name
     * @param axis from 0 */
    public String range(String value, int axis) {
        String count = call("Squeeze", sizeOf(value, axis));
        return call("Range", whole(0), count, whole(1));
    }

    /** {@return a reduction}
     * @param operator {@code ReduceSum}, {@code ReduceMean} or {@code ReduceMax}
     * @param value its name
     * @param keep whether reduced dimensions stay, of size 1
     * @param axes that are reduced; negative ones count from the end */
    public String reduce(String operator, String value, boolean keep, long... axes) {
        boolean asInput = operator.equals("ReduceSum") || graph.operators() >= NEWER;
        Operator reduction =
                asInput ? op(operator, value, longs(axes)) : op(operator, value).ints("axes", axes);
        return reduction.with("keepdims", keep ? 1 : 0).get();
    }

    /** To be called where an operator is of set 18; throws {@link NewerOperatorsException} where files are of an older one. */
    public void requireNewer() {
        if (graph.operators() < NEWER) {
            throw new NewerOperatorsException(NEWER);
        }
    }

    /** {@return several values in one dimension one behind the other}
     * @param axis that grows
     * @param values their names */
    public String concat(int axis, List<String> values) {
        return op("Concat", values.toArray(String[]::new)).with("axis", axis).get();
    }

    /** {@return the names of parts of a dimension}
     * @param value its name
     * @param axis that is cut
     * @param parts their sizes, which add up to that of the dimension */
    public List<String> split(String value, int axis, long... parts) {
        return op("Split", value, longs(parts)).with("axis", axis).get(parts.length);
    }

    /** {@return the value in the shape of an output} Sizes that differ from call to call are copied from the same place, and one
     * more may follow from the others; throws {@link FreeSizeException} where that does not give the shape.
     * @param value its name
     * @param from dimensions of the value
     * @param to dimensions of the output */
    public String toShape(String value, List<Dimension> from, List<Dimension> to) {
        long[] shape = new long[to.size()];
        boolean follows = false;
        for (int i = 0; i < shape.length; i++) {
            Dimension size = to.get(i);
            boolean copied = size.free()
                    && !size.symbol().equals(Dimension.DERIVED)
                    && i < from.size()
                    && from.get(i).equals(size);
            if (!size.free()) {
                shape[i] = size.number();
            } else if (copied) {
                shape[i] = 0;
            } else if (!follows) {
                shape[i] = -1;
                follows = true;
            } else {
                throw new FreeSizeException(node() + ": has two sizes that differ from call to call");
            }
        }
        return call("Reshape", value, longs(shape));
    }

    /** {@return the site of what a loop does again and again: a graph that is written from this site, and sees its values} */
    public Site body() {
        return new Site(graph.body(), model, index, inputs, sizes, weights);
    }

    /** {@return the name of an input of this body}
     * @param wanted behind the layer's name */
    public String bodyInput(String wanted) {
        return graph.unique(node().name() + "/" + wanted);
    }

    /** Repeats a body along dimension 1 of sequences.
     * @param operation a {@code Scan} with the first states, then the sequences
     * @param body the site that its operators were written from
     * @param bodyInputs the states, then one step of each sequence
     * @param bodyOutputs the states after, then one step of each sequence that is made
     * @param states how many states there are
     * @param backward whether steps go from the last to the first
     * @return the last states, then the sequences */
    public List<String> scan(
            Operator operation,
            Site body,
            List<String> bodyInputs,
            List<String> bodyOutputs,
            int states,
            boolean backward) {
        int read = bodyInputs.size() - states;
        int made = bodyOutputs.size() - states;
        long direction = backward ? 1 : 0;
        operation
                .with("num_scan_inputs", read)
                .ints("scan_input_axes", filled(read, 1))
                .ints("scan_input_directions", filled(read, direction))
                .ints("scan_output_axes", filled(made, 1))
                .ints("scan_output_directions", filled(made, direction))
                .with("body", body.graph.finishBody(node().name(), bodyInputs, bodyOutputs));
        return operation.get(bodyOutputs.size());
    }

    private static long[] filled(int count, long value) {
        long[] values = new long[count];
        Arrays.fill(values, value);
        return values;
    }

    /** {@return the names of all inputs from one on}
     * @param first from 0 */
    public List<String> inputsFrom(int first) {
        return new ArrayList<>(inputs.subList(first, inputs.size()));
    }
}
