package io.ketju.layers.convolution;

import io.ketju.layers.DoubleReference.Call;
import io.ketju.layers.Layer;
import io.ketju.layers.Planes;
import io.ketju.layers.padding.Edges;
import io.ketju.layers.padding.PaddingReference;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.convolution.Conv2dShape.Window;
import java.util.List;
import java.util.Optional;

/** The convolutions in double, as plainly as possible. */
public final class ConvolutionReference {
    private ConvolutionReference() {}

    /** The outputs, if the layer is one of them. */
    public static Optional<List<double[]>> forward(Layer layer, Call call) {
        return switch (layer) {
            case Conv2d conv -> Optional.of(List.of(conv2d(conv, call.shape(), call)));
            case Conv1d conv -> Optional.of(List.of(conv2d(conv.images(), Planes.flat(call.shape()), call)));
            case ConvTranspose2d conv -> Optional.of(List.of(transposed(conv, call.shape(), call)));
            case ConvTranspose1d conv ->
                Optional.of(List.of(transposed(conv.images(), Planes.flat(call.shape()), call)));
            default -> Optional.empty();
        };
    }

    private static double[] conv2d(Conv2d layer, Shape input, Call call) {
        Window window = layer.margin().inside(layer.window());
        Shape out = layer.output(TensorType.floats(input)).shape();
        Edges edges = layer.margin().edges(layer.window());
        Shape in = edges.output(Planes.IMAGES, input).shape();
        double[] x = PaddingReference.padded(edges, 0, input, call.input());
        double[] y = new double[out.elements()];
        int taps = window.kernelHeight() * window.kernelWidth();
        int group = layer.inChannels() / layer.groups();
        for (int i = 0; i < y.length; i++) {
            int channel = i / (out.dimension(2) * out.dimension(3)) % out.dimension(1);
            int first = channel / (layer.outChannels() / layer.groups()) * group;
            double sum = layer.bias() ? call.parameter(1)[channel] : 0;
            for (int c = 0; c < group; c++) {
                for (int k = 0; k < taps; k++) {
                    int at = WindowReference.inputIndex(window, in, out, i, first + c, k);
                    double weight = call.parameter(0)[(channel * group + c) * taps + k];
                    sum += at < 0 ? 0 : x[at] * weight;
                }
            }
            y[i] = sum;
        }
        return y;
    }

    /** Every input goes to where the window of the adjoint convolution read from. */
    private static double[] transposed(ConvTranspose2d layer, Shape in, Call call) {
        Window window = layer.window();
        Shape out = layer.output(TensorType.floats(in)).shape();
        double[] y = new double[out.elements()];
        int plane = out.dimension(2) * out.dimension(3);
        for (int i = 0; layer.bias() && i < y.length; i++) {
            y[i] = call.parameter(1)[i / plane % layer.outChannels()];
        }
        int taps = window.kernelHeight() * window.kernelWidth();
        int group = layer.outChannels() / layer.groups();
        for (int i = 0; i < call.input().length; i++) {
            int channel = i / (in.dimension(2) * in.dimension(3)) % in.dimension(1);
            int first = channel / (layer.inChannels() / layer.groups()) * group;
            for (int c = 0; c < group; c++) {
                for (int k = 0; k < taps; k++) {
                    int at = WindowReference.inputIndex(window, out, in, i, first + c, k);
                    if (at >= 0) {
                        y[at] += call.input()[i] * call.parameter(0)[(channel * group + c) * taps + k];
                    }
                }
            }
        }
        return y;
    }
}
