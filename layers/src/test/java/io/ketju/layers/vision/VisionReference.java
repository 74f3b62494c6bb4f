package io.ketju.layers.vision;

import io.ketju.layers.DoubleReference.Call;
import io.ketju.layers.Layer;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The layers of vision in double, as plainly as possible. */
public final class VisionReference {
    private VisionReference() {}

    /** The outputs, if the layer is one of them. */
    public static Optional<List<double[]>> forward(Layer layer, Call call) {
        return switch (layer) {
            case PixelShuffle shuffle -> {
                Shape out = shuffle.output(call.types().getFirst()).shape();
                yield Optional.of(List.of(shuffled(out, shuffle.factor(), call.input(), true)));
            }
            case PixelShuffle.Unshuffle shuffle ->
                Optional.of(List.of(shuffled(call.shape(), shuffle.factor(), call.input(), false)));
            case Upsample upsample -> Optional.of(List.of(resized(upsample, call)));
            default -> Optional.empty();
        };
    }

    /** From channels to pixels of that shape, or back. */
    private static double[] shuffled(Shape pixels, int factor, double[] x, boolean forward) {
        double[] y = new double[x.length];
        int height = pixels.dimension(2);
        int width = pixels.dimension(3);
        for (int pixel = 0; pixel < x.length; pixel++) {
            int row = pixel / width % height;
            int column = pixel % width;
            int block = pixel / width / height * factor * factor + row % factor * factor + column % factor;
            int channel = (block * (height / factor) + row / factor) * (width / factor) + column / factor;
            y[forward ? pixel : channel] = x[forward ? channel : pixel];
        }
        return y;
    }

    /** A value of an axis as a sum over its elements. */
    private record Share(int source, double weight) {}

    private static double[] resized(Upsample layer, Call call) {
        Shape in = call.shape();
        Shape out = layer.output(call.types().getFirst()).shape();
        boolean images = in.rank() == 4;
        int width = in.dimension(in.rank() - 1);
        int height = images ? in.dimension(2) : 1;
        int outWidth = out.dimension(out.rank() - 1);
        int outHeight = images ? out.dimension(2) : 1;
        double[] y = new double[out.elements()];
        for (int i = 0; i < y.length; i++) {
            int plane = i / outWidth / outHeight;
            List<Share> rows =
                    images ? shares(layer, 0, i / outWidth % outHeight, height, outHeight) : List.of(new Share(0, 1));
            for (Share row : rows) {
                for (Share column : shares(layer, images ? 1 : 0, i % outWidth, width, outWidth)) {
                    int at = (plane * height + row.source) * width + column.source;
                    y[i] += row.weight * column.weight * call.input()[at];
                }
            }
        }
        return y;
    }

    private static List<Share> shares(Upsample layer, int side, int i, int size, int count) {
        double step = layer.enlargement().distance(side, size, count);
        double at = layer.alignCorners() ? i * (size - 1.0) / Math.max(1, count - 1) : (i + 0.5) * step - 0.5;
        List<Share> shares = new ArrayList<>();
        switch (layer.mode()) {
            case NEAREST -> shares.add(new Share(Math.min(size - 1, (int) (i * step + 1e-6)), 1));
            case NEAREST_EXACT -> shares.add(new Share(Math.min(size - 1, (int) ((i + 0.5) * step + 1e-6)), 1));
            // A tent over each element, those at the edges going on outside.
            case LINEAR, BILINEAR -> {
                double inside = Math.clamp(at, 0, size - 1);
                for (int k = 0; k < size; k++) {
                    shares.add(new Share(k, Math.max(0, 1 - Math.abs(k - inside))));
                }
            }
            case BICUBIC -> {
                for (int k = (int) Math.floor(at) - 1; k <= Math.floor(at) + 2; k++) {
                    shares.add(new Share(Math.clamp(k, 0, size - 1), cubic(Math.abs(k - at))));
                }
            }
        }
        return shares;
    }

    /** Keys' cubic convolution with a = -3/4, multiplied out. */
    private static double cubic(double x) {
        return x <= 1 ? 1.25 * x * x * x - 2.25 * x * x + 1 : -0.75 * (x * x * x - 5 * x * x + 8 * x - 4);
    }
}
