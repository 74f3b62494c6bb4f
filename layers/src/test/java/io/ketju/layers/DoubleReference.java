package io.ketju.layers;

import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.convolution.Conv2dShape.Window;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;

/**
 * The layers again, forward in training only, in double precision and as plainly as possible: the oracle of the gradient
 * checks. Gradients come from central differences.
 */
final class DoubleReference {
    private static final double STEP = 1e-5;

    /**
     * What a layer is given.
     *
     * @param types of the inputs
     * @param inputs their elements, whole numbers for int32
     * @param parameters in the layer's order
     * @param fixed the parameters as they were before one was varied
     */
    record Call(List<TensorType> types, List<double[]> inputs, List<double[]> parameters, List<double[]> fixed) {
        Call(List<TensorType> types, List<double[]> inputs, List<double[]> parameters) {
            this(
                    types,
                    inputs,
                    parameters,
                    parameters.stream().map(double[]::clone).toList());
        }

        Shape shape() {
            return types.getFirst().shape();
        }

        double[] input() {
            return inputs.getFirst();
        }

        double[] parameter(int index) {
            return parameters.get(index);
        }
    }

    private DoubleReference() {}

    /** The outputs. */
    static List<double[]> forward(Layer layer, Call call) {
        return switch (layer) {
            case Linear linear -> List.of(linear(linear, call));
            case Conv2d conv -> List.of(conv2d(conv, call));
            case MaxPool2d pool -> List.of(maxPool2d(pool, call));
            case ReLU() -> each(call, x -> Math.max(x, 0));
            case Tanh() -> each(call, Math::tanh);
            case Flatten() -> each(call, x -> x);
            case InProjection projection -> ReferenceSequences.inProjection(projection, call);
            case ScaledDotProductAttention attention -> List.of(ReferenceSequences.attention(attention, call));
            case Recurrent recurrent -> ReferenceSequences.recurrent(recurrent, call);
            case GELU gelu ->
                each(
                        call,
                        gelu.approximate() == GELU.Approximation.NONE
                                ? DoubleReference::gelu
                                : DoubleReference::geluTanh);
            case SiLU() -> each(call, x -> x / (1 + Math.exp(-x)));
            case Sigmoid() -> each(call, x -> 1 / (1 + Math.exp(-x)));
            case AdaptiveAvgPool2d() -> List.of(globalAverage(call));
            case Add() -> List.of(add(call));
            case Embedding embedding -> List.of(embedding(embedding, call));
            case Narrow narrow -> List.of(narrow(narrow, call));
            case Bias bias -> List.of(bias(bias, call));
            case Positions positions -> List.of(positions(positions, call));
            case LayerNorm norm -> List.of(ReferenceNorms.layerNorm(norm, call));
            case BatchNormalization norm -> List.of(ReferenceNorms.batchNorm(norm, call));
            case SparseMatMul() -> List.of(sparse(call));
            case Dropout dropout -> List.of(dropout(dropout, call));
            default -> throw new IllegalArgumentException("no reference for " + layer);
        };
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

    private static List<double[]> each(Call call, DoubleUnaryOperator function) {
        return List.of(Arrays.stream(call.input()).map(function).toArray());
    }

    private static double gelu(double x) {
        // The error function by its series, whose terms stay small for the x of tests.
        double z = x / Math.sqrt(2);
        double term = z;
        double sum = z;
        for (int n = 1; n < 100; n++) {
            term *= -z * z / n;
            sum += term / (2 * n + 1);
        }
        return x / 2 * (1 + 2 / Math.sqrt(Math.PI) * sum);
    }

    private static double geluTanh(double x) {
        return x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }

    private static double[] globalAverage(Call call) {
        int plane = call.shape().dimension(2) * call.shape().dimension(3);
        double[] y = new double[call.input().length / plane];
        for (int i = 0; i < call.input().length; i++) {
            y[i / plane] += call.input()[i] / plane;
        }
        return y;
    }

    private static double[] add(Call call) {
        double[] y = new double[call.input().length];
        for (double[] x : call.inputs()) {
            Arrays.setAll(y, i -> y[i] + x[i]);
        }
        return y;
    }

    private static double[] sparse(Call call) {
        int features = call.shape().dimension(1);
        double[] pointers = call.inputs().get(1);
        double[] y = new double[(pointers.length - 1) * features];
        for (int row = 0; row < pointers.length - 1; row++) {
            for (int e = (int) pointers[row]; e < (int) pointers[row + 1]; e++) {
                int column = (int) call.inputs().get(2)[e];
                for (int f = 0; f < features; f++) {
                    y[row * features + f] += call.inputs().get(3)[e] * call.input()[column * features + f];
                }
            }
        }
        return y;
    }

    private static double[] embedding(Embedding layer, Call call) {
        int columns = layer.embeddingDim();
        double[] y = new double[call.input().length * columns];
        for (int i = 0; i < y.length; i++) {
            int token = (int) call.input()[i / columns];
            // The row of padding is read, but does not learn.
            boolean padding =
                    layer.paddingIdx().isPresent() && layer.paddingIdx().getAsInt() == token;
            List<double[]> tables = padding ? call.fixed() : call.parameters();
            y[i] = tables.getFirst()[token * columns + i % columns];
        }
        return y;
    }

    private static double[] narrow(Narrow layer, Call call) {
        Shape out = layer.output(call.types().getFirst()).shape();
        int inner = 1;
        for (int i = layer.dim() + 1; i < out.rank(); i++) {
            inner *= out.dimension(i);
        }
        int of = call.shape().dimension(layer.dim());
        int first = Math.floorMod(layer.start(), of);
        double[] y = new double[out.elements()];
        for (int i = 0; i < y.length; i++) {
            int row = i / inner;
            y[i] = call.input()[(row / layer.length() * of + first + row % layer.length()) * inner + i % inner];
        }
        return y;
    }

    private static double[] bias(Bias layer, Call call) {
        double[] y = new double[call.input().length];
        Arrays.setAll(y, i -> call.input()[i] + call.parameter(0)[i % layer.features()]);
        return y;
    }

    private static double[] positions(Positions layer, Call call) {
        int row = call.shape().dimension(1) * layer.dim();
        double[] y = new double[call.input().length];
        Arrays.setAll(y, i -> call.input()[i] + call.parameter(0)[i % row]);
        return y;
    }

    /** As DropoutMask says: element i has the bits of number j, the bits h t t t w of i being t t t h w in j. */
    private static double[] dropout(Dropout layer, Call call) {
        double[] y = new double[call.input().length];
        for (int i = 0; i < y.length; i++) {
            int j = (i & ~31) | (i >> 1 & 7) << 2 | (i >> 4 & 1) << 1 | (i & 1);
            boolean kept = LayerRun.random().uniform(j) >= (float) layer.p();
            y[i] = kept ? call.input()[i] / (1 - layer.p()) : 0;
        }
        return y;
    }

    private static double[] linear(Linear layer, Call call) {
        int in = layer.inFeatures();
        int out = layer.outFeatures();
        int rows = call.input().length / in;
        double[] y = new double[rows * out];
        for (int row = 0; row < rows; row++) {
            for (int o = 0; o < out; o++) {
                double sum = layer.bias() ? call.parameter(1)[o] : 0;
                for (int i = 0; i < in; i++) {
                    sum += call.input()[row * in + i] * call.parameter(0)[o * in + i];
                }
                y[row * out + o] = sum;
            }
        }
        return y;
    }

    private static double[] conv2d(Conv2d layer, Call call) {
        Window window = layer.window();
        Shape out = layer.output(call.types().getFirst()).shape();
        double[] y = new double[out.elements()];
        int taps = window.kernelHeight() * window.kernelWidth();
        for (int i = 0; i < y.length; i++) {
            int channel = i / (out.dimension(2) * out.dimension(3)) % out.dimension(1);
            double sum = layer.bias() ? call.parameter(1)[channel] : 0;
            for (int c = 0; c < layer.inChannels(); c++) {
                for (int k = 0; k < taps; k++) {
                    int at = inputIndex(window, call.shape(), out, i, c, k);
                    double weight = call.parameter(0)[(channel * layer.inChannels() + c) * taps + k];
                    sum += at < 0 ? 0 : call.input()[at] * weight;
                }
            }
            y[i] = sum;
        }
        return y;
    }

    private static double[] maxPool2d(MaxPool2d layer, Call call) {
        Window window = layer.window();
        Shape out = layer.output(call.types().getFirst()).shape();
        double[] y = new double[out.elements()];
        for (int i = 0; i < y.length; i++) {
            int channel = i / (out.dimension(2) * out.dimension(3)) % out.dimension(1);
            double max = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < window.kernelHeight() * window.kernelWidth(); k++) {
                int at = inputIndex(window, call.shape(), out, i, channel, k);
                max = at < 0 ? max : Math.max(max, call.input()[at]);
            }
            y[i] = max;
        }
        return y;
    }

    /** Index into x of tap k of the window of output element i in this input channel; -1 in the padding. */
    private static int inputIndex(Window window, Shape in, Shape out, int i, int channel, int k) {
        int column = i % out.dimension(3) * window.strideX() - window.padX() + k % window.kernelWidth();
        int row = i / out.dimension(3) % out.dimension(2) * window.strideY() - window.padY() + k / window.kernelWidth();
        boolean inside = row >= 0 && row < in.dimension(2) && column >= 0 && column < in.dimension(3);
        int plane = i / out.sample().elements() * in.dimension(1) + channel;
        return inside ? (plane * in.dimension(2) + row) * in.dimension(3) + column : -1;
    }
}
