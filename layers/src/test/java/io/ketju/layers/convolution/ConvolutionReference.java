package io.ketju.layers.convolution;

import io.ketju.layers.DoubleReference.Call;
import io.ketju.layers.Layer;
import io.ketju.layers.convolution.WindowReference;
import io.ketju.tensor.Shape;
import io.ketju.tensor.kernel.convolution.Conv2dShape.Window;
import java.util.List;
import java.util.Optional;

/** The convolutions in double, as plainly as possible. */
public final class ConvolutionReference {
    private ConvolutionReference() {}

    /** The outputs, if the layer is one of them. */
    public static Optional<List<double[]>> forward(Layer layer, Call call) {
        return switch (layer) {
            case Conv2d conv -> Optional.of(List.of(conv2d(conv, call)));
            default -> Optional.empty();
        };
    }

    private static double[] conv2d(Conv2d layer, Call call) {
        Window window = layer.window();
        Shape out = layer.output(call.types().getFirst()).shape();
        double[] y = new double[out.elements()];
        int taps = window.kernelHeight() * window.kernelWidth();
        for (int i = 0; i < y.length; i++) {
            int channel = i / (out.dimension(2) * out.dimension(3)) % out.dimension(1);
            double sum = layer.bias() ? call.parameter(1)[channel] : 0;
            for (int c = 0; c < layer.inChannels(); c++) {
                for (int k = 0; k < taps; k++) {
                    int at = WindowReference.inputIndex(window, call.shape(), out, i, c, k);
                    double weight = call.parameter(0)[(channel * layer.inChannels() + c) * taps + k];
                    sum += at < 0 ? 0 : call.input()[at] * weight;
                }
            }
            y[i] = sum;
        }
        return y;
    }
}
