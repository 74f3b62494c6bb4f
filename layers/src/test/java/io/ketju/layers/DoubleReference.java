package io.ketju.layers;

import io.ketju.tensor.Shape;
import io.ketju.tensor.kernel.convolution.Conv2dShape.Window;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * The layers again, forward only, in double precision and as plainly as possible: the oracle of the gradient checks.
 * Gradients come from central differences.
 */
final class DoubleReference {
    private static final double STEP = 1e-5;

    private DoubleReference() {}

    /** Output of [samples, ...input] for these weights. */
    static double[] forward(Layer layer, Shape input, double[] x, List<double[]> weights) {
        return switch (layer) {
            case Linear linear -> linear(linear, x, weights);
            case Conv2d conv -> conv2d(conv, input, x, weights);
            case MaxPool2d pool -> maxPool2d(pool, input, x);
            case ReLU() -> Arrays.stream(x).map(v -> Math.max(v, 0)).toArray();
            case Tanh() -> Arrays.stream(x).map(Math::tanh).toArray();
            case Flatten() -> x.clone();
            default -> throw new IllegalArgumentException("no reference for " + layer);
        };
    }

    /** Gradient of {@code Σ output · gradOutput} by every element of {@code varied}, which the output depends on. */
    static double[] gradient(double[] varied, double[] gradOutput, Supplier<double[]> output) {
        double[] gradient = new double[varied.length];
        for (int i = 0; i < varied.length; i++) {
            double value = varied[i];
            varied[i] = value + STEP;
            double above = dot(output.get(), gradOutput);
            varied[i] = value - STEP;
            double below = dot(output.get(), gradOutput);
            varied[i] = value;
            gradient[i] = (above - below) / (2 * STEP);
        }
        return gradient;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double[] linear(Linear layer, double[] x, List<double[]> weights) {
        int in = layer.inFeatures();
        int out = layer.outFeatures();
        int rows = x.length / in;
        double[] y = new double[rows * out];
        for (int row = 0; row < rows; row++) {
            for (int o = 0; o < out; o++) {
                double sum = layer.bias() ? weights.get(1)[o] : 0;
                for (int i = 0; i < in; i++) {
                    sum += x[row * in + i] * weights.get(0)[o * in + i];
                }
                y[row * out + o] = sum;
            }
        }
        return y;
    }

    private static double[] conv2d(Conv2d layer, Shape input, double[] x, List<double[]> weights) {
        Window window = layer.window();
        Shape out = layer.outputShape(input);
        double[] y = new double[x.length / input.elements() * out.elements()];
        for (int i = 0; i < y.length; i++) {
            int channel = i / (out.dimension(1) * out.dimension(2)) % out.dimension(0);
            double sum = layer.bias() ? weights.get(1)[channel] : 0;
            for (int c = 0; c < layer.inChannels(); c++) {
                for (int k = 0; k < window.kernelHeight() * window.kernelWidth(); k++) {
                    int at = inputIndex(window, input, out, i, c, k);
                    int tap = (channel * layer.inChannels() + c) * window.kernelHeight() * window.kernelWidth() + k;
                    sum += at < 0 ? 0 : x[at] * weights.get(0)[tap];
                }
            }
            y[i] = sum;
        }
        return y;
    }

    private static double[] maxPool2d(MaxPool2d layer, Shape input, double[] x) {
        Window window = layer.window();
        Shape out = layer.outputShape(input);
        double[] y = new double[x.length / input.elements() * out.elements()];
        for (int i = 0; i < y.length; i++) {
            int channel = i / (out.dimension(1) * out.dimension(2)) % out.dimension(0);
            double max = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < window.kernelHeight() * window.kernelWidth(); k++) {
                int at = inputIndex(window, input, out, i, channel, k);
                max = at < 0 ? max : Math.max(max, x[at]);
            }
            y[i] = max;
        }
        return y;
    }

    /** Index into x of tap k of the window of output element i in this input channel; -1 in the padding. */
    private static int inputIndex(Window window, Shape input, Shape out, int i, int channel, int k) {
        int column = i % out.dimension(2) * window.strideX() - window.padX() + k % window.kernelWidth();
        int row = i / out.dimension(2) % out.dimension(1) * window.strideY() - window.padY() + k / window.kernelWidth();
        boolean inside = row >= 0 && row < input.dimension(1) && column >= 0 && column < input.dimension(2);
        int sample = i / out.elements();
        int plane = sample * input.dimension(0) + channel;
        return inside ? (plane * input.dimension(1) + row) * input.dimension(2) + column : -1;
    }
}
