package io.ketju.layers.attention;

import io.ketju.layers.Footprint;
import io.ketju.layers.Increment;
import io.ketju.layers.Increment.Given;
import io.ketju.layers.Increment.Part;
import io.ketju.layers.Increment.Source;
import io.ketju.layers.Inputs;
import io.ketju.layers.Layer;
import io.ketju.layers.Parameter;
import io.ketju.layers.Pass;
import io.ketju.layers.Port;
import io.ketju.layers.initializer.Initializer;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.matrix.GemmShape;
import io.ketju.tensor.kernel.matrix.MatrixKernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The three projections of attention in one weight, with the parameters and initial values of <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html">torch.nn.MultiheadAttention</a>:
 * in_proj_weight [3·E, E], whose rows are the weights of query, key and value, and in_proj_bias [3·E]. One input [..., E]
 * attends to itself and gives the three side by side, [..., 3·E]; three inputs, query, key and value [..., E], give three
 * outputs of their types.
 *
 * @param embedDim E
 * @param bias whether there is a bias
 * @param kdim features of a key; where it or vdim is not E, there are three inputs and three weights: q_proj_weight [E, E],
 *     k_proj_weight [E, kdim] and v_proj_weight [E, vdim]
 * @param vdim features of a value
 * @param keyFeatures F, features that keys and values get; where it is not E, there are three weights too, those of keys and
 *     values with F rows, and in_proj_bias [E + 2·F]
 * @param extra keys and values behind the given ones; where there are any, there are three inputs, keys and values [B, S, ...]
 */
public record InProjection(int embedDim, boolean bias, int kdim, int vdim, int keyFeatures, ExtraKeys extra)
        implements Layer {
    public static final Entry<Layer> ENTRY = ExtraKeys.describeNamed(
                    Description.of("InProjection", "The three projections of attention in one weight")
                            .required("embed_dim", "E, size of the last dimension")
                            .optional("bias", true, "whether there is a bias")
                            .derived("kdim", "embed_dim", "features of a key")
                            .derived("vdim", "embed_dim", "features of a value")
                            .derived("key_features", "embed_dim", "F, features that keys and values get"))
            .formula("y = x · in_proj_weightᵀ + in_proj_bias, a third each for query, key and value")
            .shapes("one input [..., E] to [..., 3·E], or three inputs [..., E] to outputs of their types,"
                    + " keys and values with F features and, with those that follow, [samples, S + 1 or 2, F]")
            .parameters(
                    "in_proj_weight [3·E, E], or, where kdim, vdim or F is not E, q_proj_weight [E, E], k_proj_weight"
                            + " [F, kdim] and v_proj_weight [F, vdim]; in_proj_bias [E + 2·F]; with add_bias_kv bias_k and bias_v [1, 1, F]")
            .source("torch.nn.MultiheadAttention")
            .readBy(arguments -> new InProjection(
                    arguments.integer("embed_dim"),
                    arguments.flag("bias"),
                    arguments.integer("kdim", arguments.integer("embed_dim")),
                    arguments.integer("vdim", arguments.integer("embed_dim")),
                    arguments.integer("key_features", arguments.integer("embed_dim")),
                    ExtraKeys.of(arguments)));

    private static final int WEIGHT = 0;
    private static final int BIAS = 1;
    private static final int PARTS = 3;

    /**
     * Checks the numbers of features.
     *
     * @throws IllegalArgumentException naming the argument that is below 1
     * @throws ArithmeticException if all rows of the weights are more than an int counts
     */
    public InProjection {
        Arguments.requirePositive("InProjection", "embed_dim", embedDim);
        Arguments.requirePositive("InProjection", "kdim", kdim);
        Arguments.requirePositive("InProjection", "vdim", vdim);
        Arguments.requirePositive("InProjection", "key_features", keyFeatures);
        Math.multiplyExact(PARTS, Math.max(embedDim, keyFeatures));
    }

    /**
     * With bias, keys and values with as many features as queries, and none behind them.
     *
     * @param embedDim E, at least 1
     */
    public InProjection(int embedDim) {
        this(embedDim, true);
    }

    /**
     * Keys and values with as many features as queries, and none behind them.
     *
     * @param embedDim E, at least 1
     * @param bias whether there is a bias
     */
    public InProjection(int embedDim, boolean bias) {
        this(embedDim, bias, embedDim, embedDim, embedDim, ExtraKeys.NONE);
    }

    /** Whether the three weights are three parameters. */
    private boolean separate() {
        return kdim != embedDim || vdim != embedDim || keyFeatures != embedDim;
    }

    /** Features that query, key or value gets. */
    private int projected(int part) {
        return part == 0 ? embedDim : keyFeatures;
    }

    /** Features of query, key or value. */
    private int features(int part) {
        return part == 0 ? embedDim : part == 1 ? kdim : vdim;
    }

    /** Position of a part's weight among the parameters. */
    private int weight(int part) {
        return separate() ? part : WEIGHT;
    }

    /** Position of the bias among the parameters. */
    private int ofBias() {
        return separate() ? PARTS : BIAS;
    }

    @Override
    public Spec spec() {
        Spec spec = Spec.of("InProjection", embedDim);
        spec = bias ? spec : spec.with("bias", false);
        spec = kdim == embedDim ? spec : spec.with("kdim", kdim);
        spec = vdim == embedDim ? spec : spec.with("vdim", vdim);
        spec = keyFeatures == embedDim ? spec : spec.with("key_features", keyFeatures);
        return extra.in(spec);
    }

    /** What it is for one input, but for the names of the parameters. */
    private Linear whole() {
        return new Linear(embedDim, PARTS * embedDim, bias, Initializers.layerDefault());
    }

    @Override
    public List<Parameter> parameters() {
        Initializer start = Initializers.xavierUniform(1);
        List<Parameter> parameters = new ArrayList<>();
        if (separate()) {
            parameters.add(new Parameter("q_proj_weight", Shape.of(embedDim, embedDim), start));
            parameters.add(new Parameter("k_proj_weight", Shape.of(keyFeatures, kdim), start));
            parameters.add(new Parameter("v_proj_weight", Shape.of(keyFeatures, vdim), start));
        } else {
            parameters.add(new Parameter("in_proj_weight", Shape.of(PARTS * embedDim, embedDim), start));
        }
        if (bias) {
            parameters.add(new Parameter("in_proj_bias", Shape.of(embedDim + 2 * keyFeatures), Initializers.zeros()));
        }
        parameters.addAll(extra.parameters(keyFeatures));
        return List.copyOf(parameters);
    }

    @Override
    public List<TensorType> outputs(List<TensorType> inputs) {
        if (inputs.size() == 1 && !separate() && extra.count() == 0) {
            return whole().outputs(inputs);
        }
        Inputs.require(inputs, PARTS);
        for (int i = 0; i < PARTS; i++) {
            Inputs.requireFloats(inputs, i);
            Shape shape = inputs.get(i).shape();
            if (shape.rank() == 0 || shape.dimension(-1) != features(i)) {
                throw new IllegalArgumentException(
                        "expected input " + i + " [..., " + features(i) + "], found " + shape);
            }
        }
        return IntStream.range(0, PARTS)
                .mapToObj(i -> projected(inputs.get(i), i))
                .toList();
    }

    private TensorType projected(TensorType input, int part) {
        int[] dimensions = input.shape().toArray();
        dimensions[dimensions.length - 1] = projected(part);
        TensorType given = input.withShape(Shape.of(dimensions));
        return part == 0 ? given : extra.behind(given);
    }

    /** The gradient of the weight reads the inputs. */
    @Override
    public Footprint footprint(List<TensorType> inputs) {
        Footprint footprint = Footprint.NOTHING;
        for (int i = 0; i < inputs.size(); i++) {
            footprint = footprint.weightGradientReading(Port.input(i));
        }
        if (extra.count() == 0) {
            return footprint;
        }
        for (int i = 1; i < PARTS; i++) {
            footprint = footprint.workingIn(given(inputs.get(i)));
        }
        return footprint.workingIn(TensorType.floats(inputs.get(1).shape().dimension(0) * keyFeatures));
    }

    /** A projected key or value without those that follow. */
    private TensorType given(TensorType input) {
        return TensorType.floats(input.shape().dimension(0), input.shape().dimension(1), keyFeatures);
    }

    /** Whether others follow what this part projects. */
    private boolean isFollowed(int part) {
        return part > 0 && extra.count() > 0;
    }

    /** Position of the learned key or value among the parameters. */
    private int ofLearned(int part) {
        return ofBias() + (bias ? 1 : 0) + part - 1;
    }

    @Override
    public long forwardFlops(List<TensorType> inputs) {
        return outputs(inputs).stream()
                .mapToLong(output -> output.shape().elements() * (2L * embedDim + (bias ? 1 : 0)))
                .sum();
    }

    /** Keys and values of something else are projected once, beside queries that nobody reads. */
    @Override
    public Optional<Increment> increment(List<Given> given, List<TensorType> inputs) {
        if (extra.count() > 0) {
            return Optional.empty();
        }
        if (Increment.all(given, Given.POSITION)) {
            List<Source> outputs = new ArrayList<>();
            for (int i = 0; i < given.size(); i++) {
                outputs.add(new Source.Made(0, i));
            }
            List<Part> each = List.of(Increment.whole(this, given.size()));
            return Optional.of(new Increment(List.of(), each, outputs, List.of()));
        }
        if (separate() || !given.equals(List.of(Given.POSITION, Given.FIXED, Given.FIXED))) {
            return Optional.empty();
        }
        Source query = new Source.Input(0);
        Source key = new Source.Input(1);
        return Optional.of(new Increment(
                List.of(Increment.whole(this, List.of(key, key, new Source.Input(2)))),
                List.of(Increment.whole(this, List.of(query, query, query))),
                List.of(new Source.Made(0, 0), new Source.Once(0, 1), new Source.Once(0, 2)),
                List.of()));
    }

    @Override
    public void forward(Pass pass) {
        if (pass.inputs() == 1) {
            whole().forward(pass);
            return;
        }
        MatrixKernels matrix = pass.kernels().matrix();
        for (int i = 0; i < PARTS; i++) {
            Tensor input = pass.input(i);
            GemmShape product = GemmShape.nt(rows(input, features(i)), projected(i), features(i));
            Tensor weight = part(pass.parameter(weight(i)), i);
            Tensor output = isFollowed(i) ? pass.workspace(i - 1) : pass.output(i);
            if (bias) {
                matrix.gemmBias(product, input, weight, ofBias(pass.parameter(ofBias()), i), output);
            } else {
                matrix.gemm(product, input, weight, output);
            }
            if (isFollowed(i)) {
                extra.append(pass, output, ofLearned(i), pass.output(i));
            }
        }
    }

    @Override
    public void backwardInput(Pass pass) {
        if (pass.inputs() == 1) {
            whole().backwardInput(pass);
            return;
        }
        for (int i = 0; i < PARTS; i++) {
            if (pass.wantsGradient(i)) {
                Tensor gradInput = pass.gradInput(i);
                if (pass.hasGradOutput(i)) {
                    GemmShape product = GemmShape.nn(rows(gradInput, features(i)), features(i), projected(i));
                    Tensor weight = part(pass.parameter(weight(i)), i);
                    pass.kernels().matrix().gemm(product, gradProjected(pass, i), weight, gradInput);
                } else {
                    gradInput.clear();
                }
            }
        }
    }

    @Override
    public void backwardWeight(Pass pass) {
        if (pass.inputs() == 1) {
            whole().backwardWeight(pass);
            return;
        }
        for (int i = 0; i < PARTS; i++) {
            if (pass.hasGradOutput(i)) {
                backwardWeight(pass, i);
            }
        }
    }

    private void backwardWeight(Pass pass, int i) {
        MatrixKernels matrix = pass.kernels().matrix();
        Tensor gradOutput = gradProjected(pass, i);
        int rows = rows(gradOutput, projected(i));
        if (pass.wantsWeightGradient(weight(i))) {
            GemmShape product = GemmShape.tn(projected(i), features(i), rows);
            matrix.gemmAccumulate(product, gradOutput, pass.input(i), part(pass.gradient(weight(i)), i));
        }
        if (bias && pass.wantsWeightGradient(ofBias())) {
            Tensor gradient = ofBias(pass.gradient(ofBias()), i);
            matrix.sumRowsAccumulate(gradOutput.view(Shape.of(rows, projected(i))), gradient);
        }
        if (isFollowed(i) && extra.learned() && pass.wantsWeightGradient(ofLearned(i))) {
            extra.accumulate(pass, pass.gradOutput(i), pass.workspace(2), pass.gradient(ofLearned(i)));
        }
    }

    /** The gradient of what a part projects. */
    private Tensor gradProjected(Pass pass, int i) {
        if (!isFollowed(i)) {
            return pass.gradOutput(i);
        }
        Tensor given = pass.workspace(i - 1);
        extra.cut(pass, pass.gradOutput(i), given);
        return given;
    }

    /** The rows of a weight that belong to query, key or value. */
    private Tensor part(Tensor weight, int index) {
        return separate() ? weight : weight.samples(index * embedDim, embedDim);
    }

    private Tensor ofBias(Tensor parameter, int index) {
        return parameter.samples(index == 0 ? 0 : embedDim + (index - 1) * keyFeatures, projected(index));
    }

    private static int rows(Tensor tensor, int features) {
        return tensor.elements() / features;
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
