package io.ketju.layers.padding;

import io.ketju.layers.DoubleReference.Call;
import io.ketju.layers.Layer;
import io.ketju.tensor.Shape;
import io.ketju.tensor.kernel.resampling.PaddingMode;
import java.util.List;
import java.util.Optional;

/** The paddings in double, as plainly as possible. */
public final class PaddingReference {
    private PaddingReference() {}

    /** The outputs, if the layer is one of them. */
    public static Optional<List<double[]>> forward(Layer layer, Call call) {
        return layer instanceof Padding padding
                ? Optional.of(List.of(padded(padding.edges(), padding.value(), call.shape(), call.input())))
                : Optional.empty();
    }

    /** Planes with what is put around them. */
    public static double[] padded(Edges edges, double value, Shape shape, double[] x) {
        int width = shape.dimension(shape.rank() - 1);
        int height = shape.rank() == 4 ? shape.dimension(2) : 1;
        Sides rows = edges.rows();
        Sides columns = edges.columns();
        int outHeight = height + rows.before() + rows.after();
        int outWidth = width + columns.before() + columns.after();
        int planes = shape.dimension(0) * shape.dimension(1);
        double[] y = new double[planes * outHeight * outWidth];
        for (int i = 0; i < y.length; i++) {
            int row = shown(edges.mode(), rows, height, i / outWidth % outHeight);
            int column = shown(edges.mode(), columns, width, i % outWidth);
            int plane = i / outWidth / outHeight;
            y[i] = row < 0 || column < 0 ? value : x[(plane * height + row) * width + column];
        }
        return y;
    }

    /** The position that is shown at one of the longer axis; -1 for none. */
    private static int shown(PaddingMode mode, Sides sides, int size, int position) {
        int at = position - sides.before();
        int low = Math.max(0, -sides.before());
        int kept = size - low - Math.max(0, -sides.after());
        return switch (mode) {
            case ZEROS -> at < 0 || at >= size ? -1 : at;
            case REPLICATE -> Math.clamp(at, 0, size - 1);
            case REFLECT -> size - 1 - Math.abs(size - 1 - Math.abs(at));
            case CIRCULAR -> low + Math.floorMod(at - low, kept);
        };
    }
}
