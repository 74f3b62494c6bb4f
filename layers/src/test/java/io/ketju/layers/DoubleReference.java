package io.ketju.layers;

import io.ketju.layers.activation.ActivationReference;
import io.ketju.layers.arithmetic.ArithmeticReference;
import io.ketju.layers.attention.AttentionReference;
import io.ketju.layers.convolution.ConvolutionReference;
import io.ketju.layers.embedding.EmbeddingReference;
import io.ketju.layers.graph.GraphReference;
import io.ketju.layers.linear.LinearReference;
import io.ketju.layers.normalization.NormalizationReference;
import io.ketju.layers.padding.PaddingReference;
import io.ketju.layers.pooling.PoolingReference;
import io.ketju.layers.recurrent.RecurrentReference;
import io.ketju.layers.regularization.RegularizationReference;
import io.ketju.layers.shape.ShapeReference;
import io.ketju.layers.vision.VisionReference;
import io.ketju.layers.vocabulary.VocabularyReference;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * The layers again, forward in training only, in double precision and as plainly as possible: the oracle of the gradient
 * checks. Gradients come from central differences.
 */
public final class DoubleReference {
    private static final double STEP = 1e-5;

    /** The layers of each family; one line each. */
    private static final List<BiFunction<Layer, Call, Optional<List<double[]>>>> FAMILIES = List.of(
            LinearReference::forward,
            ArithmeticReference::forward,
            ShapeReference::forward,
            ConvolutionReference::forward,
            PoolingReference::forward,
            PaddingReference::forward,
            VisionReference::forward,
            RegularizationReference::forward,
            EmbeddingReference::forward,
            GraphReference::forward,
            VocabularyReference::forward,
            NormalizationReference::forward,
            ActivationReference::forward,
            AttentionReference::forward,
            RecurrentReference::forward);

    /**
     * What a layer is given.
     *
     * @param types of the inputs
     * @param inputs their elements, whole numbers for int32
     * @param parameters in the layer's order
     * @param fixed the parameters as they were before one was varied
     */
    public record Call(List<TensorType> types, List<double[]> inputs, List<double[]> parameters, List<double[]> fixed) {
        Call(List<TensorType> types, List<double[]> inputs, List<double[]> parameters) {
            this(
                    types,
                    inputs,
                    parameters,
                    parameters.stream().map(double[]::clone).toList());
        }

        public Shape shape() {
            return types.getFirst().shape();
        }

        public double[] input() {
            return inputs.getFirst();
        }

        public double[] parameter(int index) {
            return parameters.get(index);
        }
    }

    private DoubleReference() {}

    /** The outputs. */
    static List<double[]> forward(Layer layer, Call call) {
        return FAMILIES.stream()
                .flatMap(family -> family.apply(layer, call).stream())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no reference for " + layer));
    }

    /** Gradient of {@code Σ output · gradOutput}, over all outputs, by every element of what they depend on. */
    static double[] gradient(double[] varied, List<double[]> gradOutputs, Supplier<List<double[]>> outputs) {
        double[] gradient = new double[varied.length];
        for (int i = 0; i < varied.length; i++) {
            double value = varied[i];
            varied[i] = value + STEP;
            double above = dot(outputs.get(), gradOutputs);
            varied[i] = value - STEP;
            double below = dot(outputs.get(), gradOutputs);
            varied[i] = value;
            gradient[i] = (above - below) / (2 * STEP);
        }
        return gradient;
    }

    private static double dot(List<double[]> a, List<double[]> b) {
        double sum = 0;
        for (int i = 0; i < a.size(); i++) {
            for (int j = 0; j < a.get(i).length; j++) {
                sum += a.get(i)[j] * b.get(i)[j];
            }
        }
        return sum;
    }
}
