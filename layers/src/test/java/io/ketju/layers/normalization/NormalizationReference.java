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
            default -> Optional.empty();
        };
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
