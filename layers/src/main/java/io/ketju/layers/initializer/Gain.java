package io.ketju.layers.initializer;

import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Excerpt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a deviation is multiplied by so that a nonlinearity keeps the variance, as <a
 * href="https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.calculate_gain">torch.nn.init.calculate_gain</a>.
 */
final class Gain {
    /** Nonlinearities that the errors list. */
    private static final String KNOWN =
            "linear, conv1d, conv2d, conv_transpose1d, conv_transpose2d, sigmoid, tanh, relu, leaky_relu, selu";

    /** How the refusal of a gain begins. */
    private static final String GAIN = "argument 'gain': expected a number or one of ";

    private static final double USUAL_SLOPE = 0.01;

    private Gain() {}

    /** Reads a number, or a nonlinearity: {@code 2}, {@code tanh}, {@code leaky_relu(0.2)}. */
    static double parse(String text) {
        try {
            if (!Character.isLetter(text.charAt(0))) {
                return Double.parseDouble(text);
            }
            Spec spec = Spec.parse(text);
            List<String> slopes = spec.positional();
            double slope = slopes.isEmpty() ? USUAL_SLOPE : Double.parseDouble(slopes.getFirst());
            return Math.sqrt(2 / among(GAIN, spec.name(), slope));
        } catch (NumberFormatException e) {
            throw unknown(GAIN, text, e);
        }
    }

    /**
     * 2 over the square of the gain.
     *
     * @param owner whose argument names the nonlinearity
     * @param slope of a leaky ReLU on the negative side
     */
    static double half(String owner, String nonlinearity, double slope) {
        return among(owner + ": argument 'nonlinearity': expected one of ", nonlinearity, slope);
    }

    private static double among(String expected, String nonlinearity, double slope) {
        return switch (nonlinearity) {
            case "linear", "conv1d", "conv2d", "conv_transpose1d", "conv_transpose2d", "sigmoid" -> 2;
            case "tanh" -> 2 * 9 / 25.0;
            case "relu" -> 1;
            case "leaky_relu" -> 1 + slope * slope;
            case "selu" -> 2 * 16 / 9.0;
            default -> throw unknown(expected, nonlinearity, null);
        };
    }

    private static IllegalArgumentException unknown(String expected, String found, @Nullable Throwable cause) {
        return new IllegalArgumentException(expected + KNOWN + ", found '" + Excerpt.of(found) + "'", cause);
    }
}
