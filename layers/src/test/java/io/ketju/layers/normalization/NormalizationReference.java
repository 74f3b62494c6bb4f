package io.ketju.layers.normalization;

import io.ketju.layers.DoubleReference.Call;
import io.ketju.layers.Layer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The normalizations, in training in double, as plainly as possible. */
public final class NormalizationReference {
    private NormalizationReference() {}

    /** The outputs, if the layer is one of them. */
    public static Optional<List<double[]>> forward(Layer layer, Call call) {
        return switch (layer) {
            case LayerNorm norm -> Optional.of(List.of(layerNorm(norm, call)));
            case BatchNormalization norm -> Optional.of(List.of(batchNorm(norm, call)));
            case GroupNormalization norm -> Optional.of(List.of(groupNorm(norm, call)));
            case RMSNorm norm -> Optional.of(List.of(rmsNorm(norm, call)));
            case LocalResponseNorm norm -> Optional.of(List.of(localResponse(norm, call)));
            default -> Optional.empty();
        };
    }

    private static double[] localResponse(LocalResponseNorm layer, Call call) {
        int channels = call.shape().dimension(1);
        int spatial = call.shape().sample().elements() / channels;
        double[] y = new double[call.input().length];
        for (int i = 0; i < y.length; i++) {
            int c = i / spatial % channels;
            double sum = 0;
            for (int other = c - layer.size() / 2; other < c - layer.size() / 2 + layer.size(); other++) {
                double x = other < 0 || other >= channels ? 0 : call.input()[i + (other - c) * spatial];
                sum += x * x;
            }
            y[i] = call.input()[i] / Math.pow(layer.k() + layer.alpha() / layer.size() * sum, layer.beta());
        }
        return y;
    }

    private static double[] layerNorm(LayerNorm layer, Call call) {
        int columns = layer.normalizedShape().elements();
        double[] y = new double[call.input().length];
        for (int row = 0; row < y.length / columns; row++) {
            int from = row * columns;
            double[] normal = normalized(
                    call.input(), IntStream.range(from, from + columns).toArray(), layer.eps());
            for (int i = 0; i < columns; i++) {
                double weight = layer.elementwiseAffine() ? call.parameter(0)[i] : 1;
                y[from + i] = normal[i] * weight + (layer.bias() ? call.parameter(1)[i] : 0);
            }
        }
        return y;
    }

    /** In training: by the statistics of the batch. */
    private static double[] batchNorm(BatchNormalization layer, Call call) {
        int channels = layer.numFeatures();
        int spatial = call.shape().sample().elements() / channels;
        double[] y = new double[call.input().length];
        for (int c = 0; c < channels; c++) {
            int channel = c;
            int[] at = IntStream.range(0, y.length)
                    .filter(i -> i / spatial % channels == channel)
                    .toArray();
            double[] normal = normalized(call.input(), at, layer.eps());
            for (int i = 0; i < at.length; i++) {
                y[at[i]] = layer.affine() ? normal[i] * call.parameter(0)[c] + call.parameter(1)[c] : normal[i];
            }
        }
        return y;
    }

    /** The groups of a sample lie one after the other. */
    private static double[] groupNorm(GroupNormalization layer, Call call) {
        int sample = call.shape().sample().elements();
        int size = sample / layer.groups();
        int spatial = sample / layer.channels();
        double[] y = new double[call.input().length];
        for (int from = 0; from < y.length; from += size) {
            double[] normal =
                    normalized(call.input(), IntStream.range(from, from + size).toArray(), layer.eps());
            for (int i = 0; i < size; i++) {
                int c = (from + i) / spatial % layer.channels();
                y[from + i] = layer.affine() ? normal[i] * call.parameter(0)[c] + call.parameter(1)[c] : normal[i];
            }
        }
        return y;
    }

    private static double[] rmsNorm(RMSNorm layer, Call call) {
        int columns = layer.normalizedShape().elements();
        double[] x = call.input();
        double[] y = new double[x.length];
        for (int i = 0; i < y.length; i++) {
            int from = i - i % columns;
            double square =
                    Arrays.stream(x, from, from + columns).map(v -> v * v).sum() / columns;
            y[i] = x[i]
                    / Math.sqrt(square + layer.eps())
                    * (layer.elementwiseAffine() ? call.parameter(0)[i % columns] : 1);
        }
        return y;
    }

    private static double[] normalized(double[] x, int[] at, double eps) {
        double mean = Arrays.stream(at).mapToDouble(i -> x[i]).sum() / at.length;
        double variance = Arrays.stream(at)
                        .mapToDouble(i -> (x[i] - mean) * (x[i] - mean))
                        .sum()
                / at.length;
        return Arrays.stream(at)
                .mapToDouble(i -> (x[i] - mean) / Math.sqrt(variance + eps))
                .toArray();
    }
}
