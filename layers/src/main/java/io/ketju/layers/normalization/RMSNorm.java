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
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Gradients;
import io.ketju.tensor.kernel.normalization.RowNorm;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code y = x / √(mean(x²) + eps) · weight}, the mean over the last dimensions: [..., normalizedShape] to the same, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.RMSNorm.html">torch.nn.RMSNorm</a>. Parameter: weight, ones at
 * the start, of the normalized shape.
 *
 * @param normalizedShape the last dimensions of the input, over which it is normalized
 * @param eps added to the mean square
 * @param elementwiseAffine whether there is a weight
 */
public record RMSNorm(Shape normalizedShape, double eps, boolean elementwiseAffine) implements OneToOne, FullBackward {
    /** The distance from 1 to the next float. */
    private static final double DEFAULT_EPS = 0x1p-23;

    public static final Entry<Layer> ENTRY = Description.of(
                    "RMSNorm", "Divides by the root of the mean square over the last dimensions")
            .required("normalized_shape", "sizes of the last dimensions: a number or a tuple")
            .optionalOrNone("eps", DEFAULT_EPS, "added to the mean square; as of float32 in PyTorch, 2^-23")
            .optional("elementwise_affine", true, "whether there is a weight")
            .formula("y = x / √(mean(x²) + eps) · weight")
            .shapes("[..., normalized_shape] to the same")
            .parameters("weight [normalized_shape]")
            .source("torch.nn.RMSNorm; Zhang and Sennrich 2019")
            .readBy(arguments -> new RMSNorm(
                    LastDimensions.of(arguments), arguments.number("eps"), arguments.flag("elementwise_affine")));

    /**
     * Checks shape and eps.
     *
     * @throws IllegalArgumentException naming the argument, if the shape has no dimension or an empty one, or eps is not finite and at
     *     least 0
     */
    public RMSNorm {
        LastDimensions.require("RMSNorm", normalizedShape);
        BatchNormalization.requireEps("RMSNorm", eps);
    }

    /**
     * With PyTorch's eps and a weight.
     *
     * @param normalizedShape sizes of the last dimensions, each at least 1
     */
    public RMSNorm(int... normalizedShape) {
        this(Shape.of(normalizedShape), DEFAULT_EPS, true);
    }

    /**
     * {@return this, with another eps}
     *
     * @param other added to the mean square, at least 0
     */
    public RMSNorm withEps(double other) {
        return new RMSNorm(normalizedShape, other, elementwiseAffine);
    }

    /** {@return this without a weight} */
    public RMSNorm withoutAffine() {
        return new RMSNorm(normalizedShape, eps, false);
    }

    @Override
    public Spec spec() {
        return ENTRY.description()
                .terse(Spec.of("RMSNorm", new LastDimensions(normalizedShape).text())
                        .withNumber("eps", eps)
                        .with("elementwise_affine", elementwiseAffine));
    }

    @Override
    public List<Parameter> parameters() {
        return elementwiseAffine
                ? List.of(new Parameter("weight", normalizedShape, Initializers.constant(1)))
                : List.of();
    }

    @Override
    public TensorType output(TensorType input) {
        new LastDimensions(normalizedShape).requireIn(input.shape());
        return input;
    }

    /** Both gradients read the input; forward keeps the inverse root of each row. */
    @Override
    public Footprint footprint(TensorType input) {
        TensorType perRow = TensorType.floats(norm(input.shape()).rows());
        Footprint footprint =
                Footprint.NOTHING.inputGradientReading(Port.input(0)).keeping(perRow);
        return elementwiseAffine ? footprint.weightGradientReading(Port.input(0)) : footprint;
    }

    /** Two per element for the mean square, normalization and weight. */
    @Override
    public long forwardFlops(TensorType input) {
        return 6L * input.shape().elements();
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
        pass.kernels()
                .normalization()
                .rmsNormForward(norm(input.shape()), weight(pass), input, pass.kept(0), pass.output(0));
    }

    @Override
    public void backwardInput(Pass pass) {
        backward(pass, new Gradients(pass.gradInput(0), null, null));
    }

    @Override
    public void backwardWeight(Pass pass) {
        if (learns(pass)) {
            backward(pass, new Gradients(null, pass.gradient(0), null));
        }
    }

    @Override
    public void backward(Pass pass) {
        backward(pass, new Gradients(pass.gradInput(0), learns(pass) ? pass.gradient(0) : null, null));
    }

    private boolean learns(Pass pass) {
        return elementwiseAffine && pass.wantsWeightGradient(0);
    }

    private void backward(Pass pass, Gradients gradients) {
        Tensor input = pass.input(0);
        pass.kernels()
                .normalization()
                .rmsNormBackward(norm(input.shape()), weight(pass), pass.kept(0), input, pass.gradOutput(0), gradients);
    }

    private @Nullable Tensor weight(Pass pass) {
        return elementwiseAffine ? pass.parameter(0) : null;
    }

    private RowNorm norm(Shape shape) {
        return new RowNorm(new LastDimensions(normalizedShape).rows(shape), normalizedShape.elements(), eps);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
