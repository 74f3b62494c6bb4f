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
            case AlphaDropout dropout -> Optional.of(List.of(alpha(dropout, call)));
            case StochasticDepth depth -> {
                boolean rows = depth.mode() == StochasticDepth.Mode.ROW;
                int together = rows ? call.shape().sample().elements() : call.input().length;
                yield Optional.of(List.of(dropped(depth.p(), together, call)));
            }
            default -> Optional.empty();
        };
    }

    private static double[] alpha(AlphaDropout layer, Call call) {
        int inner = layer.channels()
                ? call.shape().sample().elements() / call.shape().dimension(1)
                : 1;
        double least = -1.6732632423543772 * 1.0507009873554805;
        double a = layer.p() == 1 ? 0 : 1 / Math.sqrt((1 - layer.p()) * (1 + layer.p() * least * least));
        double b = -a * layer.p() * least;
        double[] y = new double[call.input().length];
        for (int i = 0; i < y.length; i++) {
            y[i] = a * (keeps(layer.p(), i / inner) ? call.input()[i] : least) + b;
        }
        return y;
    }

    private static double[] dropped(double p, int inner, Call call) {
        double[] y = new double[call.input().length];
        for (int i = 0; i < y.length; i++) {
            y[i] = keeps(p, i / inner) ? call.input()[i] / (1 - p) : 0;
        }
        return y;
    }

    private static boolean keeps(double p, int row) {
        return number(row) >= (float) p;
    }

    /** As DropoutMask says: row r has the bits of number j, the bits h t t t w of r being t t t h w in j. */
    public static float number(int row) {
        return LayerRun.random().uniform((row & ~31) | (row >> 1 & 7) << 2 | (row >> 4 & 1) << 1 | (row & 1));
    }
}
