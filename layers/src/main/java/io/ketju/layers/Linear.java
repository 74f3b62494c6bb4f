package io.ketju.layers;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.matrix.GemmEpilogue;
import io.ketju.tensor.kernel.matrix.GemmShape;
import io.ketju.tensor.kernel.matrix.MatrixView;
import io.ketju.tensor.memory.TensorArena;
import java.util.List;

/**
 * {@code y = x · weightᵀ + bias} over the last dimension: [..., inFeatures] to [..., outFeatures], as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.Linear.html">torch.nn.Linear</a>, whose initial values it
 * also has. Parameters: weight [outFeatures, inFeatures], bias [outFeatures].
 *
 * @param bias whether there is a bias
 * @param initializer of the weight; the bias is always uniform within ±1/√inFeatures
 */
public record Linear(int inFeatures, int outFeatures, boolean bias, Initializer initializer) implements Layer {
    private static final int WEIGHT = 0;
    private static final int BIAS = 1;
    private static final int INPUT = 0;

    public Linear {
        Windows.requirePositive("Linear", "in_features", inFeatures);
        Windows.requirePositive("Linear", "out_features", outFeatures);
    }

    /** With bias and PyTorch's initial values. */
    public Linear(int inFeatures, int outFeatures) {
        this(inFeatures, outFeatures, true, Initializers.layerDefault());
    }

    static Linear of(Spec spec) {
        Arguments arguments = Arguments.of(spec, List.of("in_features", "out_features", "bias"), "init");
        return new Linear(
                arguments.integer("in_features"),
                arguments.integer("out_features"),
                arguments.flag("bias", true),
                arguments.text("init").map(Initializers::parse).orElse(Initializers.layerDefault()));
    }

    public Linear withoutBias() {
        return new Linear(inFeatures, outFeatures, false, initializer);
    }

    /** With other initial values of the weight. */
    public Linear withInitializer(Initializer other) {
        return new Linear(inFeatures, outFeatures, bias, other);
    }

    @Override
    public Spec spec() {
        Spec spec = Spec.of("Linear", inFeatures, outFeatures);
        spec = bias ? spec : spec.with("bias", false);
        return Initializers.addTo(spec, initializer);
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() == 0 || input.dimension(-1) != inFeatures) {
            throw new IllegalArgumentException("expected input [..., " + inFeatures + "], found " + input);
        }
        int[] dimensions = input.toArray();
        dimensions[dimensions.length - 1] = outFeatures;
        return Shape.of(dimensions);
    }

    @Override
    public List<Parameter> parameters() {
        Parameter weight = new Parameter("weight", Shape.of(outFeatures, inFeatures), initializer);
        return bias
                ? List.of(weight, new Parameter("bias", Shape.of(outFeatures), Initializers.biasDefault(inFeatures)))
                : List.of(weight);
    }

    @Override
    public List<Integer> transposedParameters() {
        return List.of(WEIGHT);
    }

    @Override
    public long forwardFlops(Shape input) {
        return outputShape(input).elements() * (2L * inFeatures + (bias ? 1 : 0));
    }

    @Override
    public long slotBytes(Shape input, int samples) {
        return TensorArena.bytesFor(outputShape(input).batched(samples)) + TensorArena.bytesFor(input.batched(samples));
    }

    @Override
    public Tensor forward(Tensor input, Saved saved) {
        Tensor output = saved.allocate(outputShape(input.shape()));
        GemmShape product = GemmShape.nt(rows(input), outFeatures, inFeatures);
        GemmEpilogue last = bias ? GemmEpilogue.NONE.withBias(saved.parameter(BIAS)) : GemmEpilogue.NONE;
        saved.kernels()
                .matrix()
                .gemm(
                        product,
                        MatrixView.of(input, inFeatures),
                        saved.transposed(WEIGHT),
                        last,
                        MatrixView.of(output, outFeatures));
        saved.keep(INPUT, input);
        return output;
    }

    /** {@code gradInput = gradOutput · weight}. */
    @Override
    public Tensor backwardInput(Tensor gradOutput, Saved saved) {
        Tensor input = saved.kept(INPUT);
        Tensor gradInput = saved.allocate(input.shape());
        GemmShape product = GemmShape.nn(rows(input), inFeatures, outFeatures);
        saved.kernels().matrix().gemm(product, gradOutput, saved.parameter(WEIGHT), gradInput);
        return gradInput;
    }

    /** {@code gradWeight += gradOutputᵀ · input}, {@code gradBias += Σ gradOutput} over the rows. */
    @Override
    public void backwardWeight(Tensor gradOutput, Saved saved) {
        Tensor input = saved.kept(INPUT);
        int rows = rows(input);
        GemmShape product = GemmShape.tn(outFeatures, inFeatures, rows);
        saved.kernels().matrix().gemmAccumulate(product, gradOutput, input, saved.gradient(WEIGHT));
        if (bias) {
            saved.kernels()
                    .matrix()
                    .sumRowsAccumulate(gradOutput.view(Shape.of(rows, outFeatures)), saved.gradient(BIAS));
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
