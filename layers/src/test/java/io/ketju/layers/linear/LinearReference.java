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
            case Bilinear bilinear -> Optional.of(List.of(bilinear(bilinear, call)));
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

    private static double[] bilinear(Bilinear layer, Call call) {
        int in1 = layer.in1Features();
        int in2 = layer.in2Features();
        int out = layer.outFeatures();
        double[] y = new double[call.input().length / in1 * out];
        for (int i = 0; i < y.length; i++) {
            y[i] = layer.bias() ? call.parameter(1)[i % out] : 0;
            for (int pair = 0; pair < in1 * in2; pair++) {
                double first = call.input()[i / out * in1 + pair / in2];
                double second = call.inputs().get(1)[i / out * in2 + pair % in2];
                y[i] += first * second * call.parameter(0)[i % out * in1 * in2 + pair];
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
