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
            case Dropout dropout -> Optional.of(List.of(dropped(dropout.p(), 1, call)));
            case ChannelDropout dropout -> {
                int channel = call.shape().sample().elements() / call.shape().dimension(1);
                yield Optional.of(List.of(dropped(dropout.p(), channel, call)));
            }
            default -> Optional.empty();
        };
    }

    /** As DropoutMask says: row r has the bits of number j, the bits h t t t w of r being t t t h w in j. */
    private static double[] dropped(double p, int inner, Call call) {
        double[] y = new double[call.input().length];
        for (int i = 0; i < y.length; i++) {
            int r = i / inner;
            int j = (r & ~31) | (r >> 1 & 7) << 2 | (r >> 4 & 1) << 1 | (r & 1);
            boolean kept = LayerRun.random().uniform(j) >= (float) p;
            y[i] = kept ? call.input()[i] / (1 - p) : 0;
        }
        return y;
    }
}
