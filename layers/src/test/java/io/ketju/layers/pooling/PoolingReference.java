package io.ketju.layers.pooling;

import io.ketju.layers.DoubleReference.Call;
import io.ketju.layers.Layer;
import io.ketju.layers.convolution.WindowReference;
import io.ketju.tensor.Shape;
import io.ketju.tensor.kernel.convolution.Conv2dShape.Window;
import java.util.List;
import java.util.Optional;

/** The poolings in double, as plainly as possible. */
public final class PoolingReference {
    private PoolingReference() {}

    /** The outputs, if the layer is one of them. */
    public static Optional<List<double[]>> forward(Layer layer, Call call) {
        return switch (layer) {
            case MaxPool2d pool -> Optional.of(List.of(maxPool2d(pool, call)));
            case AdaptiveAvgPool2d pool -> Optional.of(List.of(globalAverage(call)));
            default -> Optional.empty();
        };
    }

    private static double[] maxPool2d(MaxPool2d layer, Call call) {
        Window window = layer.window();
        Shape out = layer.output(call.types().getFirst()).shape();
        double[] y = new double[out.elements()];
        for (int i = 0; i < y.length; i++) {
            int channel = i / (out.dimension(2) * out.dimension(3)) % out.dimension(1);
            double max = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < window.kernelHeight() * window.kernelWidth(); k++) {
                int at = WindowReference.inputIndex(window, call.shape(), out, i, channel, k);
                max = at < 0 ? max : Math.max(max, call.input()[at]);
            }
            y[i] = max;
        }
        return y;
    }

    private static double[] globalAverage(Call call) {
        int plane = call.shape().dimension(2) * call.shape().dimension(3);
        double[] y = new double[call.input().length / plane];
        for (int i = 0; i < call.input().length; i++) {
            y[i / plane] += call.input()[i] / plane;
        }
        return y;
    }
}
