package io.ketju.layers.arithmetic;

import io.ketju.layers.DoubleReference.Call;
import io.ketju.layers.Layer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The arithmetic between tensors in double, as plainly as possible. */
public final class ArithmeticReference {
    private ArithmeticReference() {}

    /** The outputs, if the layer is one of them. */
    public static Optional<List<double[]>> forward(Layer layer, Call call) {
        return switch (layer) {
            case Add add -> Optional.of(List.of(sum(call)));
            default -> Optional.empty();
        };
    }

    private static double[] sum(Call call) {
        double[] y = new double[call.input().length];
        for (double[] x : call.inputs()) {
            Arrays.setAll(y, i -> y[i] + x[i]);
        }
        return y;
    }
}
