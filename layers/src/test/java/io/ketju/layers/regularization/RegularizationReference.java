package io.ketju.layers.regularization;

import io.ketju.layers.DoubleReference.Call;
import io.ketju.layers.Layer;
import io.ketju.layers.LayerRun;
import java.util.List;
import java.util.Optional;

/** The random layers, in training in double, as plainly as possible. */
public final class RegularizationReference {
    private RegularizationReference() {}

    /** The outputs, if the layer is one of them. */
    public static Optional<List<double[]>> forward(Layer layer, Call call) {
        return switch (layer) {
            case Dropout dropout -> Optional.of(List.of(dropout(dropout, call)));
            default -> Optional.empty();
        };
    }

    /** As DropoutMask says: element i has the bits of number j, the bits h t t t w of i being t t t h w in j. */
    private static double[] dropout(Dropout layer, Call call) {
        double[] y = new double[call.input().length];
        for (int i = 0; i < y.length; i++) {
            int j = (i & ~31) | (i >> 1 & 7) << 2 | (i >> 4 & 1) << 1 | (i & 1);
            boolean kept = LayerRun.random().uniform(j) >= (float) layer.p();
            y[i] = kept ? call.input()[i] / (1 - layer.p()) : 0;
        }
        return y;
    }
}
