package io.ketju.layers.linear;

import io.ketju.layers.Footprint;
import io.ketju.layers.Increment;
import io.ketju.layers.Layer;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Parameter;
import io.ketju.layers.Pass;
import io.ketju.layers.Port;
import io.ketju.layers.initializer.Initializer;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.matrix.GemmEpilogue;
import io.ketju.tensor.kernel.matrix.GemmShape;
import io.ketju.tensor.kernel.matrix.MatrixView;
import java.util.List;
import java.util.Optional;

/**
 * {@code y = x · weightᵀ + bias} over the last dimension: [..., inFeatures] to [..., outFeatures], as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.Linear.html">torch.nn.Linear</a>, whose initial values it also has. Parameters:
 * weight [outFeatures, inFeatures], bias [outFeatures].
 *
 * @param inFeatures size of the last dimension of the input
 * @param outFeatures size of the last dimension of the output
 * @param bias whether there is a bias
 * @param initializer of the weight
 * @param biasInitializer of the bias
 */
public record Linear(
        int inFeatures, int outFeatures, boolean bias, Initializer initializer, Initializer biasInitializer)
        implements OneToOne {
    public static final Entry<Layer> ENTRY = Description.of("Linear", "A linear map of the last dimension")
            .required("in_features", "size of the last dimension of the input")
            .required("out_features", "size of the last dimension of the output")
            .optional("bias", true, "whether there is a bias")
            .named("init", Initializers.layerDefault().spec(), "initial values of the weight")
            .namedDerived("bias_init", "uniform(bound=1/√in_features)", "initial values of the bias")
            .formula("y = x · weightᵀ + bias")
            .shapes("[..., in_features] to [..., out_features]")
            .parameters("weight [out_features, in_features], bias [out_features]")
            .source("torch.nn.Linear")
            .readBy(Linear::of);

    private static final int WEIGHT = 0;
    private static final int BIAS = 1;

    /**
     * Checks the numbers of features.
     *
     * @throws IllegalArgumentException naming the argument that is below 1
     */
    public Linear {
        Arguments.requirePositive("Linear", "in_features", inFeatures);
        Arguments.requirePositive("Linear", "out_features", outFeatures);
    }

    /**
     * With bias and PyTorch's initial values.
     *
     * @param inFeatures size of the last dimension of the input, at least 1
     * @param outFeatures size of the last dimension of the output, at least 1
     */
    public Linear(int inFeatures, int outFeatures) {
        this(inFeatures, outFeatures, true, Initializers.layerDefault());
    }

    /**
     * With PyTorch's initial values of the bias: uniform within ±1/√inFeatures.
     *
     * @param inFeatures size of the last dimension of the input, at least 1
     * @param outFeatures size of the last dimension of the output, at least 1
     * @param bias whether there is a bias
     * @param initializer of the weight
     */
    public Linear(int inFeatures, int outFeatures, boolean bias, Initializer initializer) {
        this(inFeatures, outFeatures, bias, initializer, Initializers.biasDefault(Math.max(1, inFeatures)));
    }

    private static Linear of(Arguments arguments) {
        Linear linear = new Linear(
                arguments.integer("in_features"),
                arguments.integer("out_features"),
                arguments.flag("bias"),
                Initializers.of(arguments, "init"));
        return arguments
                .text("bias_init")
                .map(Initializers::parse)
                .map(linear::withBiasInitializer)
                .orElse(linear);
    }

    /** {@return this without bias} */
    public Linear withoutBias() {
        return new Linear(inFeatures, outFeatures, false, initializer);
    }

    /**
     * With other initial values of the weight.
     *
     * @param other what fills it
     * @return another layer
     */
    public Linear withInitializer(Initializer other) {
        return new Linear(inFeatures, outFeatures, bias, other, biasInitializer);
    }

    /**
     * With other initial values of the bias.
     *
     * @param other what fills it
     * @return another layer
     */
    public Linear withBiasInitializer(Initializer other) {
        return new Linear(inFeatures, outFeatures, bias, initializer, other);
    }

    @Override
    public Spec spec() {
        Spec spec = Spec.of("Linear", inFeatures, outFeatures);
        spec = bias ? spec : spec.with("bias", false);
        boolean usual = biasInitializer.equals(Initializers.biasDefault(inFeatures));
        spec = usual ? spec : spec.with("bias_init", biasInitializer.spec());
        return Initializers.addTo(spec, initializer);
    }

    @Override
    public TensorType output(TensorType input) {
        Shape shape = input.shape();
        if (shape.rank() == 0 || shape.dimension(-1) != inFeatures) {
            throw new IllegalArgumentException("expected input [..., " + inFeatures + "], found " + shape);
        }
        int[] dimensions = shape.toArray();
        dimensions[dimensions.length - 1] = outFeatures;
        return TensorType.floats(Shape.of(dimensions));
    }

    /** The gradient of the weight reads the input. */
    @Override
    public Footprint footprint(TensorType input) {
        return Footprint.NOTHING.weightGradientReading(Port.input(0));
    }

    @Override
    public List<Parameter> parameters() {
        Parameter weight = new Parameter("weight", Shape.of(outFeatures, inFeatures), initializer);
        return bias ? List.of(weight, new Parameter("bias", Shape.of(outFeatures), biasInitializer)) : List.of(weight);
    }

    @Override
    public List<Integer> transposedParameters() {
        return List.of(WEIGHT);
    }

    @Override
    public long forwardFlops(TensorType input) {
        return output(input).shape().elements() * (2L * inFeatures + (bias ? 1 : 0));
    }

    /** Where features are those of positions. */
    @Override
    public Optional<Increment> increment(List<Increment.Given> given, List<TensorType> inputs) {
        return inputs.getFirst().shape().rank() > 2 ? Increment.positionwise(this, given) : Optional.empty();
    }

    @Override
    public void forward(Pass pass) {
        forward(pass, GemmEpilogue.NONE);
    }

    /**
     * {@link #forward(Pass)} with more done to the product once the bias is added.
     *
     * @param pass whose output is overwritten
     * @param more what else; its bias counts only where the layer has none
     */
    public void forward(Pass pass, GemmEpilogue more) {
        Tensor input = pass.input(0);
        GemmShape product = GemmShape.nt(rows(input), outFeatures, inFeatures);
        GemmEpilogue last = bias ? more.withBias(pass.parameter(BIAS)) : more;
        pass.kernels()
                .matrix()
                .gemm(
                        product,
                        MatrixView.of(input, inFeatures),
                        pass.transposed(WEIGHT),
                        last,
                        MatrixView.of(pass.output(0), outFeatures));
    }

    /** {@code gradInput = gradOutput · weight}. */
    @Override
    public void backwardInput(Pass pass) {
        Tensor gradInput = pass.gradInput(0);
        GemmShape product = GemmShape.nn(rows(gradInput), inFeatures, outFeatures);
        pass.kernels().matrix().gemm(product, pass.gradOutput(0), pass.parameter(WEIGHT), gradInput);
    }

    /** {@code gradWeight += gradOutputᵀ · input}, {@code gradBias += Σ gradOutput} over the rows. */
    @Override
    public void backwardWeight(Pass pass) {
        Tensor gradOutput = pass.gradOutput(0);
        int rows = gradOutput.elements() / outFeatures;
        if (pass.wantsWeightGradient(WEIGHT)) {
            GemmShape product = GemmShape.tn(outFeatures, inFeatures, rows);
            pass.kernels().matrix().gemmAccumulate(product, gradOutput, pass.input(0), pass.gradient(WEIGHT));
        }
        if (bias && pass.wantsWeightGradient(BIAS)) {
            pass.kernels()
                    .matrix()
                    .sumRowsAccumulate(gradOutput.view(Shape.of(rows, outFeatures)), pass.gradient(BIAS));
        }
    }

    /** All dimensions but the last are one: positions of a sequence are as independent as samples. */
    private int rows(Tensor input) {
        return input.elements() / inFeatures;
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
