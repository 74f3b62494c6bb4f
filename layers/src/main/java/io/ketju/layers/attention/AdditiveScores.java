package io.ketju.layers.attention;

import io.ketju.layers.Footprint;
import io.ketju.layers.Inputs;
import io.ketju.layers.Layer;
import io.ketju.layers.Parameter;
import io.ketju.layers.Pass;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.elementwise.ElementwiseKernels;
import io.ketju.tensor.kernel.matrix.GemmShape;
import io.ketju.tensor.kernel.matrix.MatrixKernels;
import java.util.List;

/**
 * A score for each query and key by a layer of neurons over both: {@code score(i, j) = weight · tanh(q[i] + k[j])} (Bahdanau, Cho
 * and Bengio 2015, section A.1.2, of what the projections of both give). Inputs q [B, T, features] and k [B, S, features], output
 * [B, T, S], which attention takes as a mask that is added. Parameter: weight [1, features], as that of a linear layer to one
 * feature without bias. Keeps features numbers for each query and key.
 *
 * @param features of projected queries and keys
 */
public record AdditiveScores(int features) implements Layer {
    public static final Entry<Layer> ENTRY = Description.of(
                    "AdditiveScores", "A score for each query and key by a layer of neurons over both")
            .required("features", "of projected queries and keys")
            .formula("y[i, j] = weight · tanh(q[i] + k[j])")
            .shapes("q [samples, queries, features] and k [samples, keys, features] to [samples, queries, keys]")
            .parameters("weight [1, features]")
            .source("Bahdanau et al. 2015, section A.1.2")
            .readBy(arguments -> new AdditiveScores(arguments.integer("features")));

    private static final int WEIGHT = 0;
    private static final int TANH = 0;
    private static final int GRADIENT = 0;

    /** What tanh costs beside the sum and the product. */
    private static final int FLOPS = 23;

    /**
     * Checks the number of features.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public AdditiveScores {
        Arguments.requirePositive("AdditiveScores", "features", features);
    }

    @Override
    public Spec spec() {
        return Spec.of("AdditiveScores", features);
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(new Parameter("weight", Shape.of(1, features), Initializers.layerDefault()));
    }

    @Override
    public List<TensorType> outputs(List<TensorType> inputs) {
        Inputs.require(inputs, 2);
        Inputs.requireFloats(inputs, 0);
        Inputs.requireFloats(inputs, 1);
        Shape q = inputs.get(0).shape();
        Shape k = inputs.get(1).shape();
        boolean fits = q.rank() == 3
                && k.rank() == 3
                && q.dimension(0) == k.dimension(0)
                && q.dimension(2) == features
                && k.dimension(2) == features;
        if (!fits) {
            throw new IllegalArgumentException("expected [samples, queries, " + features + "] and [samples, keys, "
                    + features + "], found " + q + " and " + k);
        }
        return List.of(TensorType.floats(q.dimension(0), q.dimension(1), k.dimension(1)));
    }

    /** Backward needs what forward kept alone. */
    @Override
    public Footprint footprint(List<TensorType> inputs) {
        Shape q = inputs.get(0).shape();
        TensorType pairs = TensorType.floats(
                q.dimension(0), q.dimension(1), inputs.get(1).shape().dimension(1), features);
        return Footprint.NOTHING.keeping(pairs).workingIn(pairs);
    }

    @Override
    public long forwardFlops(List<TensorType> inputs) {
        return (long) FLOPS * features * outputs(inputs).getFirst().shape().elements();
    }

    @Override
    public void forward(Pass pass) {
        Tensor pairs = pass.kept(TANH);
        ElementwiseKernels elementwise = pass.kernels().elementwise();
        int queries = pairs.shape().dimension(1);
        Tensor q = rows(pass.input(0), features);
        Tensor k = pass.input(1);
        Tensor sums = rows(pairs, pairs.shape().dimension(2) * features);
        for (int i = 0; i < sums.shape().dimension(0); i++) {
            elementwise.addRow(k.samples(i / queries, 1), q.samples(i, 1), sums.samples(i, 1));
        }
        pass.kernels().activation().tanhForward(pairs, pairs);
        GemmShape product = GemmShape.nt(pass.output(0).elements(), 1, features);
        pass.kernels().matrix().gemm(product, pairs, pass.parameter(WEIGHT), pass.output(0));
    }

    /** The gradients of queries and keys are sums of those of the pairs, each over the others in order. */
    @Override
    public void backwardInput(Pass pass) {
        Tensor pairs = pass.kept(TANH);
        Tensor gradient = pass.workspace(GRADIENT);
        MatrixKernels matrix = pass.kernels().matrix();
        GemmShape product = GemmShape.nn(pass.gradOutput(0).elements(), features, 1);
        matrix.gemm(product, pass.gradOutput(0), pass.parameter(WEIGHT), gradient);
        pass.kernels().activation().tanhBackward(pairs, gradient, gradient);
        int queries = pairs.shape().dimension(1);
        int keys = pairs.shape().dimension(2);
        if (pass.wantsGradient(0)) {
            sumRows(matrix, gradient, keys, features, pass.gradInput(0));
        }
        if (pass.wantsGradient(1)) {
            sumRows(matrix, gradient, queries, keys * features, pass.gradInput(1));
        }
    }

    /** Each row of the sums, so many columns, is that of so many rows of x. */
    private static void sumRows(MatrixKernels matrix, Tensor x, int count, int columns, Tensor sums) {
        sums.clear();
        if (count == 0 || columns == 0) {
            return;
        }
        Tensor all = rows(x, count * columns);
        Tensor to = rows(sums, columns);
        for (int i = 0; i < to.shape().dimension(0); i++) {
            matrix.sumRowsAccumulate(all.samples(i, 1).view(Shape.of(count, columns)), to.samples(i, 1));
        }
    }

    @Override
    public void backwardWeight(Pass pass) {
        if (pass.wantsWeightGradient(WEIGHT)) {
            GemmShape product = GemmShape.tn(1, features, pass.gradOutput(0).elements());
            pass.kernels().matrix().gemmAccumulate(product, pass.gradOutput(0), pass.kept(TANH), pass.gradient(WEIGHT));
        }
    }

    private static Tensor rows(Tensor tensor, int columns) {
        return tensor.view(Shape.of(columns == 0 ? 0 : tensor.elements() / columns, columns));
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
