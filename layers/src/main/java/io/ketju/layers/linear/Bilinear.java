package io.ketju.layers.linear;

import io.ketju.layers.Footprint;
import io.ketju.layers.Inputs;
import io.ketju.layers.Layer;
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
import io.ketju.tensor.kernel.matrix.GemmShape;
import io.ketju.tensor.kernel.matrix.MatrixBatch;
import io.ketju.tensor.kernel.matrix.MatrixKernels;
import io.ketju.tensor.kernel.matrix.MatrixView;
import java.util.List;

/**
 * {@code y[k] = x1ᵀ · weight[k] · x2 + bias[k]} over the last dimensions: [..., in1Features] and [..., in2Features] to [..., outFeatures],
 * as <a href="https://pytorch.org/docs/stable/generated/torch.nn.Bilinear.html">torch.nn.Bilinear</a>, whose initial values it also has.
 * Parameters: weight [outFeatures, in1Features, in2Features], bias [outFeatures]. It works in the products of all pairs of features of each
 * row.
 *
 * @param in1Features size of the last dimension of the first input
 * @param in2Features size of the last dimension of the second input
 * @param outFeatures size of the last dimension of the output
 * @param bias whether there is a bias
 */
public record Bilinear(int in1Features, int in2Features, int outFeatures, boolean bias) implements Layer {
    public static final Entry<Layer> ENTRY = Description.of("Bilinear", "A bilinear map of two last dimensions")
            .required("in1_features", "size of the last dimension of the first input")
            .required("in2_features", "size of the last dimension of the second input")
            .required("out_features", "size of the last dimension of the output")
            .optional("bias", true, "whether there is a bias")
            .formula("y[k] = x1ᵀ · weight[k] · x2 + bias[k]")
            .shapes("[..., in1_features] and [..., in2_features] to [..., out_features]")
            .parameters("weight [out_features, in1_features, in2_features], bias [out_features]")
            .source("torch.nn.Bilinear")
            .readBy(arguments -> new Bilinear(
                    arguments.integer("in1_features"),
                    arguments.integer("in2_features"),
                    arguments.integer("out_features"),
                    arguments.flag("bias")));

    private static final int FIRST = 0;
    private static final int SECOND = 1;
    private static final int WEIGHT = 0;
    private static final int BIAS = 1;

    /**
     * Checks the numbers of features.
     *
     * @throws IllegalArgumentException naming the argument that is below 1
     */
    public Bilinear {
        Arguments.requirePositive("Bilinear", "in1_features", in1Features);
        Arguments.requirePositive("Bilinear", "in2_features", in2Features);
        Arguments.requirePositive("Bilinear", "out_features", outFeatures);
    }

    /**
     * With a bias.
     *
     * @param in1Features size of the last dimension of the first input, at least 1
     * @param in2Features size of the last dimension of the second input, at least 1
     * @param outFeatures size of the last dimension of the output, at least 1
     */
    public Bilinear(int in1Features, int in2Features, int outFeatures) {
        this(in1Features, in2Features, outFeatures, true);
    }

    /** {@return this without a bias} */
    public Bilinear withoutBias() {
        return new Bilinear(in1Features, in2Features, outFeatures, false);
    }

    @Override
    public Spec spec() {
        return ENTRY.description()
                .terse(Spec.of("Bilinear", in1Features, in2Features, outFeatures)
                        .with("bias", bias));
    }

    @Override
    public List<Parameter> parameters() {
        Initializer start = Initializers.biasDefault(in1Features);
        Parameter weight = new Parameter("weight", Shape.of(outFeatures, in1Features, in2Features), start);
        return bias ? List.of(weight, new Parameter("bias", Shape.of(outFeatures), start)) : List.of(weight);
    }

    @Override
    public List<TensorType> outputs(List<TensorType> inputs) {
        Inputs.require(inputs, 2);
        Inputs.requireFloats(inputs, FIRST);
        Inputs.requireFloats(inputs, SECOND);
        int[] first = inputs.get(FIRST).shape().toArray();
        int[] second = inputs.get(SECOND).shape().toArray();
        boolean fits = first.length > 0
                && first.length == second.length
                && first[first.length - 1] == in1Features
                && second[first.length - 1] == in2Features;
        for (int d = 0; fits && d < first.length - 1; d++) {
            fits = first[d] == second[d];
        }
        if (!fits) {
            throw new IllegalArgumentException("expected inputs [..., " + in1Features + "] and [..., " + in2Features
                    + "] that are equal otherwise, found " + inputs);
        }
        first[first.length - 1] = outFeatures;
        return List.of(TensorType.floats(first));
    }

    private int pairs() {
        return Math.multiplyExact(in1Features, in2Features);
    }

    /** Both gradients read both inputs and work in the products of pairs, or in their gradient. */
    @Override
    public Footprint footprint(List<TensorType> inputs) {
        Port[] both = {Port.input(FIRST), Port.input(SECOND)};
        int rows = inputs.getFirst().shape().elements() / in1Features;
        return Footprint.NOTHING
                .inputGradientReading(both)
                .weightGradientReading(both)
                .workingIn(TensorType.floats(rows, pairs()));
    }

    @Override
    public long forwardFlops(List<TensorType> inputs) {
        long rows = inputs.getFirst().shape().elements() / in1Features;
        return rows * pairs() * (2L * outFeatures + 1);
    }

    @Override
    public void forward(Pass pass) {
        MatrixKernels matrix = pass.kernels().matrix();
        Tensor pairs = pass.workspace(0);
        fillPairs(pass, pairs);
        GemmShape product = GemmShape.nt(rows(pairs), outFeatures, pairs());
        if (bias) {
            matrix.gemmBias(product, pairs, pass.parameter(WEIGHT), pass.parameter(BIAS), pass.output(0));
        } else {
            matrix.gemm(product, pairs, pass.parameter(WEIGHT), pass.output(0));
        }
    }

    /** Each row the first input's features times the second's. */
    private void fillPairs(Pass pass, Tensor pairs) {
        GemmShape outer = GemmShape.nn(in1Features, in2Features, 1);
        int rows = rows(pairs);
        pass.kernels()
                .matrix()
                .gemmBatched(
                        outer,
                        batch(pass.input(FIRST), 1, in1Features, rows),
                        batch(pass.input(SECOND), in2Features, in2Features, rows),
                        batch(pairs, in2Features, pairs(), rows),
                        false);
    }

    @Override
    public void backwardInput(Pass pass) {
        MatrixKernels matrix = pass.kernels().matrix();
        Tensor pairs = pass.workspace(0);
        int rows = rows(pairs);
        matrix.gemm(GemmShape.nn(rows, pairs(), outFeatures), pass.gradOutput(0), pass.parameter(WEIGHT), pairs);
        MatrixBatch gradient = batch(pairs, in2Features, pairs(), rows);
        if (pass.wantsGradient(FIRST)) {
            matrix.gemmBatched(
                    GemmShape.nn(in1Features, 1, in2Features),
                    gradient,
                    batch(pass.input(SECOND), 1, in2Features, rows),
                    batch(pass.gradInput(FIRST), 1, in1Features, rows),
                    false);
        }
        if (pass.wantsGradient(SECOND)) {
            matrix.gemmBatched(
                    GemmShape.nn(1, in2Features, in1Features),
                    batch(pass.input(FIRST), in1Features, in1Features, rows),
                    gradient,
                    batch(pass.gradInput(SECOND), in2Features, in2Features, rows),
                    false);
        }
    }

    @Override
    public void backwardWeight(Pass pass) {
        MatrixKernels matrix = pass.kernels().matrix();
        Tensor gradOutput = pass.gradOutput(0);
        int rows = gradOutput.elements() / outFeatures;
        if (pass.wantsWeightGradient(WEIGHT)) {
            Tensor pairs = pass.workspace(0);
            fillPairs(pass, pairs);
            matrix.gemmAccumulate(GemmShape.tn(outFeatures, pairs(), rows), gradOutput, pairs, pass.gradient(WEIGHT));
        }
        if (bias && pass.wantsWeightGradient(BIAS)) {
            matrix.sumRowsAccumulate(gradOutput.view(Shape.of(rows, outFeatures)), pass.gradient(BIAS));
        }
    }

    /** A matrix of each row. */
    private static MatrixBatch batch(Tensor tensor, int columns, int distance, int rows) {
        return MatrixBatch.strided(MatrixView.of(tensor, columns), rows, distance);
    }

    private static int rows(Tensor pairs) {
        return pairs.shape().dimension(0);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
