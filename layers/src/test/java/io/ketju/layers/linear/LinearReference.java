package io.ketju.layers.linear;

import io.ketju.layers.DoubleReference.Call;
import io.ketju.layers.Layer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The linear layers in double, as plainly as possible. */
public final class LinearReference {
    private LinearReference() {}

    /** The outputs, if the layer is one of them. */
    public static Optional<List<double[]>> forward(Layer layer, Call call) {
        return switch (layer) {
            case Linear linear -> Optional.of(List.of(linear(linear, call)));
            case Bias bias -> Optional.of(List.of(bias(bias, call)));
            default -> Optional.empty();
        };
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

    private static double[] bias(Bias layer, Call call) {
        double[] y = new double[call.input().length];
        Arrays.setAll(y, i -> call.input()[i] + call.parameter(0)[i % layer.features()]);
        return y;
    }
}
