package io.ketju.layers.graph;

import io.ketju.layers.DoubleReference.Call;
import io.ketju.layers.Layer;
import java.util.List;
import java.util.Optional;

/** The graph layers in double, as plainly as possible. */
public final class GraphReference {
    private GraphReference() {}

    /** The outputs, if the layer is one of them. */
    public static Optional<List<double[]>> forward(Layer layer, Call call) {
        return switch (layer) {
            case SparseMatMul product -> Optional.of(List.of(sparse(call)));
            default -> Optional.empty();
        };
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
}
