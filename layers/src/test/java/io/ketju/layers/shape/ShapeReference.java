package io.ketju.layers.shape;

import io.ketju.layers.DoubleReference.Call;
import io.ketju.layers.Layer;
import io.ketju.tensor.Shape;
import java.util.List;
import java.util.Optional;

/** The layers that change shapes in double, as plainly as possible. */
public final class ShapeReference {
    private ShapeReference() {}

    /** The outputs, if the layer is one of them. */
    public static Optional<List<double[]>> forward(Layer layer, Call call) {
        return switch (layer) {
            case Flatten flatten -> Optional.of(List.of(call.input().clone()));
            case Narrow narrow -> Optional.of(List.of(narrow(narrow, call)));
            default -> Optional.empty();
        };
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
}
