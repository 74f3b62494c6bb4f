package io.ketju.layers.normalization;

import io.ketju.layers.Footprint;
import io.ketju.layers.FullBackward;
import io.ketju.layers.Increment;
import io.ketju.layers.Layer;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Parameter;
import io.ketju.layers.Pass;
import io.ketju.layers.Port;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Affine;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Gradients;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.RowStatistics;
import io.ketju.tensor.kernel.normalization.RowNorm;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code y = (x - mean) / √(variance + eps) · weight + bias}, mean and biased variance over the last dimensions: [...,
 * normalizedShape] to the same, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html">torch.nn.LayerNorm</a>. Parameters: weight,
 * ones at the start, and bias, zeros, both of the normalized shape.
 *
 * @param normalizedShape the last dimensions of the input, over which it is normalized
 * @param eps added to the variance
 * @param elementwiseAffine whether there are parameters
 * @param bias whether there is a bias among them
 */
public record LayerNorm(Shape normalizedShape, double eps, boolean elementwiseAffine, boolean bias)
        implements OneToOne, FullBackward {
    private static final double DEFAULT_EPS = 1e-5;
    private static final int WEIGHT = 0;
    private static final int BIAS = 1;
    private static final int MEAN = 0;
    private static final int RSTD = 1;

    public static final Entry<Layer> ENTRY = Description.of("LayerNorm", "Normalizes over the last dimensions")
            .required("normalized_shape", "sizes of the last dimensions: a number or a tuple")
            .optional("eps", DEFAULT_EPS, "added to the variance")
            .optional("elementwise_affine", true, "whether there are weight and bias")
            .optional("bias", true, "whether there is a bias beside the weight")
            .formula("y = (x - mean) / √(variance + eps) · weight + bias")
            .shapes("[..., normalized_shape] to the same")
            .parameters("weight, bias [normalized_shape]")
            .source("torch.nn.LayerNorm; Ba et al. 2016")
            .readBy(LayerNorm::of);

    /**
     * Checks shape and eps; without parameters there is no bias either.
     *
     * @throws IllegalArgumentException naming the argument, if the shape has no dimension or an empty one, or eps is not finite and at
     *     least 0
     */
    public LayerNorm {
        LastDimensions.require("LayerNorm", normalizedShape);
        BatchNormalization.requireEps("LayerNorm", eps);
        bias = bias && elementwiseAffine;
    }

    /**
     * With PyTorch's eps, weight and bias.
     *
     * @param normalizedShape sizes of the last dimensions, each at least 1
     */
    public LayerNorm(int... normalizedShape) {
        this(Shape.of(normalizedShape), DEFAULT_EPS, true, true);
    }

    private static LayerNorm of(Arguments arguments) {
        return new LayerNorm(
                LastDimensions.of(arguments),
                arguments.number("eps"),
                arguments.flag("elementwise_affine"),
                arguments.flag("bias"));
    }

    /**
     * {@return this, with another eps}
     *
     * @param other added to the variance, at least 0
     */
    public LayerNorm withEps(double other) {
        return new LayerNorm(normalizedShape, other, elementwiseAffine, bias);
    }

    /** {@return this without a bias} */
    public LayerNorm withoutBias() {
        return new LayerNorm(normalizedShape, eps, elementwiseAffine, false);
    }

    /** {@return this without parameters} */
    public LayerNorm withoutAffine() {
        return new LayerNorm(normalizedShape, eps, false, false);
    }

    @Override
    public Spec spec() {
        Spec spec = Spec.of("LayerNorm", new LastDimensions(normalizedShape).text());
        spec = eps == DEFAULT_EPS ? spec : spec.withNumber("eps", eps);
        if (!elementwiseAffine) {
            return spec.with("elementwise_affine", false);
        }
        return bias ? spec : spec.with("bias", false);
    }

    @Override
    public List<Parameter> parameters() {
        Parameter weight = new Parameter("weight", normalizedShape, Initializers.constant(1));
        if (!elementwiseAffine) {
            return List.of();
        }
        return bias ? List.of(weight, new Parameter("bias", normalizedShape, Initializers.zeros())) : List.of(weight);
    }

    @Override
    public TensorType output(TensorType input) {
        new LastDimensions(normalizedShape).requireIn(input.shape());
        return input;
    }

    /** Both gradients read the input; forward keeps mean and inverse deviation of each row. */
    @Override
    public Footprint footprint(TensorType input) {
        TensorType perRow = TensorType.floats(rows(input.shape()));
        Footprint footprint =
                Footprint.NOTHING.inputGradientReading(Port.input(0)).keeping(perRow, perRow);
        return elementwiseAffine ? footprint.weightGradientReading(Port.input(0)) : footprint;
    }

    /** Two per element for each of mean, variance, normalization and affine map. */
    @Override
    public long forwardFlops(TensorType input) {
        return 8L * input.shape().elements();
    }

    /** Where each position is normalized by itself. */
    @Override
    public Optional<Increment> increment(List<Increment.Given> given, List<TensorType> inputs) {
        boolean within = inputs.getFirst().shape().rank() > normalizedShape.rank() + 1;
        return within ? Increment.positionwise(this, given) : Optional.empty();
    }

    @Override
    public void forward(Pass pass) {
        Tensor input = pass.input(0);
        Affine affine = new Affine(weight(pass), bias ? pass.parameter(BIAS) : null);
        pass.kernels().normalization().layerNormForward(norm(input), affine, input, statistics(pass), pass.output(0));
    }

    @Override
    public void backwardInput(Pass pass) {
        backward(pass, new Gradients(pass.gradInput(0), null, null));
    }

    @Override
    public void backwardWeight(Pass pass) {
        if (learns(pass, WEIGHT) || learns(pass, BIAS)) {
            backward(pass, new Gradients(null, gradient(pass, WEIGHT), gradient(pass, BIAS)));
        }
    }

    @Override
    public void backward(Pass pass) {
        backward(pass, new Gradients(pass.gradInput(0), gradient(pass, WEIGHT), gradient(pass, BIAS)));
    }

    private boolean learns(Pass pass, int parameter) {
        return (parameter == WEIGHT ? elementwiseAffine : bias) && pass.wantsWeightGradient(parameter);
    }

    private @Nullable Tensor gradient(Pass pass, int parameter) {
        return learns(pass, parameter) ? pass.gradient(parameter) : null;
    }

    private void backward(Pass pass, Gradients gradients) {
        Tensor input = pass.input(0);
        pass.kernels()
                .normalization()
                .layerNormBackward(norm(input), weight(pass), statistics(pass), input, pass.gradOutput(0), gradients);
    }

    private @Nullable Tensor weight(Pass pass) {
        return elementwiseAffine ? pass.parameter(WEIGHT) : null;
    }

    private static RowStatistics statistics(Pass pass) {
        return new RowStatistics(pass.kept(MEAN), pass.kept(RSTD));
    }

    private RowNorm norm(Tensor input) {
        return new RowNorm(rows(input.shape()), normalizedShape.elements(), eps);
    }

    private int rows(Shape shape) {
        return new LastDimensions(normalizedShape).rows(shape);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
