package io.ketju.layers.attention;

import io.ketju.layers.Footprint;
import io.ketju.layers.Inputs;
import io.ketju.layers.Layer;
import io.ketju.layers.Parameter;
import io.ketju.layers.Pass;
import io.ketju.layers.Port;
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
import java.util.List;

/**
 * The three projections of attention in one weight, with the parameters and initial values of <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html">torch.nn.MultiheadAttention</a>:
 * in_proj_weight [3·E, E], whose rows are the weights of query, key and value, and in_proj_bias [3·E]. One input [..., E]
 * attends to itself and gives the three side by side, [..., 3·E]; three inputs, query, key and value [..., E], give three
 * outputs of their types.
 *
 * @param embedDim E
 * @param bias whether there is a bias
 */
public record InProjection(int embedDim, boolean bias) implements Layer {
    public static final Entry<Layer> ENTRY = Description.of("InProjection", "The three projections of attention in one weight")
            .required("embed_dim", "E, size of the last dimension")
            .optional("bias", true, "whether there is a bias")
            .formula("y = x · in_proj_weightᵀ + in_proj_bias, a third each for query, key and value")
            .shapes("one input [..., E] to [..., 3·E], or three inputs [..., E] to outputs of their types")
            .parameters("in_proj_weight [3·E, E], in_proj_bias [3·E]")
            .source("torch.nn.MultiheadAttention")
            .readBy(arguments -> new InProjection(arguments.integer("embed_dim"), arguments.flag("bias")));

    private static final int WEIGHT = 0;
    private static final int BIAS = 1;
    private static final int PARTS = 3;

    public InProjection {
        Arguments.requirePositive("InProjection", "embed_dim", embedDim);
        Math.multiplyExact(PARTS, embedDim);
    }

    /** With bias. */
    public InProjection(int embedDim) {
        this(embedDim, true);
    }

    @Override
    public Spec spec() {
        Spec spec = Spec.of("InProjection", embedDim);
        return bias ? spec : spec.with("bias", false);
    }

    /** What it is for one input, but for the names of the parameters. */
    private Linear whole() {
        return new Linear(embedDim, PARTS * embedDim, bias, Initializers.layerDefault());
    }

    @Override
    public List<Parameter> parameters() {
        Parameter weight =
                new Parameter("in_proj_weight", Shape.of(PARTS * embedDim, embedDim), Initializers.xavierUniform(1));
        Shape ofBias = Shape.of(PARTS * embedDim);
        return bias ? List.of(weight, new Parameter("in_proj_bias", ofBias, Initializers.zeros())) : List.of(weight);
    }

    @Override
    public List<TensorType> outputs(List<TensorType> inputs) {
        if (inputs.size() == 1) {
            return whole().outputs(inputs);
        }
        Inputs.require(inputs, PARTS);
        for (int i = 0; i < PARTS; i++) {
            Inputs.requireFloats(inputs, i);
            Shape shape = inputs.get(i).shape();
            if (shape.rank() == 0 || shape.dimension(-1) != embedDim) {
                throw new IllegalArgumentException("expected input " + i + " [..., " + embedDim + "], found " + shape);
            }
        }
        return inputs;
    }

    /** The gradient of the weight reads the inputs. */
    @Override
    public Footprint footprint(List<TensorType> inputs) {
        Footprint footprint = Footprint.NOTHING;
        for (int i = 0; i < inputs.size(); i++) {
            footprint = footprint.weightGradientReading(Port.input(i));
        }
        return footprint;
    }

    @Override
    public long forwardFlops(List<TensorType> inputs) {
        return outputs(inputs).stream()
                .mapToLong(output -> output.shape().elements() * (2L * embedDim + (bias ? 1 : 0)))
                .sum();
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
            GemmShape product = GemmShape.nt(rows(input), embedDim, embedDim);
            Tensor weight = part(pass.parameter(WEIGHT), i);
            if (bias) {
                matrix.gemmBias(product, input, weight, part(pass.parameter(BIAS), i), pass.output(i));
            } else {
                matrix.gemm(product, input, weight, pass.output(i));
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
                    GemmShape product = GemmShape.nn(rows(gradInput), embedDim, embedDim);
                    Tensor weight = part(pass.parameter(WEIGHT), i);
                    pass.kernels().matrix().gemm(product, pass.gradOutput(i), weight, gradInput);
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
        Tensor gradOutput = pass.gradOutput(i);
        int rows = rows(gradOutput);
        if (pass.wantsWeightGradient(WEIGHT)) {
            GemmShape product = GemmShape.tn(embedDim, embedDim, rows);
            matrix.gemmAccumulate(product, gradOutput, pass.input(i), part(pass.gradient(WEIGHT), i));
        }
        if (bias && pass.wantsWeightGradient(BIAS)) {
            Tensor gradient = part(pass.gradient(BIAS), i);
            matrix.sumRowsAccumulate(gradOutput.view(Shape.of(rows, embedDim)), gradient);
        }
    }

    /** The rows of a parameter that belong to query, key or value. */
    private Tensor part(Tensor parameter, int index) {
        return parameter.samples(index * embedDim, embedDim);
    }

    private int rows(Tensor tensor) {
        return tensor.elements() / embedDim;
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
