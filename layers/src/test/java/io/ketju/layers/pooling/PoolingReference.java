package io.ketju.layers.pooling;

import io.ketju.layers.DoubleReference.Call;
import io.ketju.layers.Layer;
import io.ketju.tensor.Shape;
import io.ketju.tensor.kernel.pooling.PoolAxis;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The poolings in double, as plainly as possible. */
public final class PoolingReference {
    /**
     * What an output takes of one axis.
     *
     * @param positions in the input, without those in the padding
     * @param counted how many there are with those in the padding
     */
    private record Bin(List<Integer> positions, int counted) {}

    /** What becomes of the elements of an output. */
    private interface Pool {
        double of(double[] elements, int counted);
    }

    private static final Pool MAX =
            (elements, counted) -> Arrays.stream(elements).max().orElseThrow();
    private static final Pool MEAN =
            (elements, counted) -> Arrays.stream(elements).sum() / elements.length;
    private static final Pool PADDED_MEAN =
            (elements, counted) -> Arrays.stream(elements).sum() / counted;

    private PoolingReference() {}

    /** The outputs, if the layer is one of them. */
    public static Optional<List<double[]>> forward(Layer layer, Call call) {
        return switch (layer) {
            case MaxPool pool -> Optional.of(slide(pool, call, MAX));
            case AvgPool pool -> Optional.of(slide(pool, call, mean(pool)));
            case LPPool pool -> Optional.of(slide(pool, call, norm(pool)));
            case AdaptiveMaxPool pool -> Optional.of(share(pool, call, MAX));
            case AdaptiveAvgPool pool -> Optional.of(share(pool, call, MEAN));
            default -> Optional.empty();
        };
    }

    private static Pool mean(AvgPool layer) {
        int fixed = layer.divisor().fixed();
        Pool mean = layer.divisor().padded() ? PADDED_MEAN : MEAN;
        return fixed == 0
                ? mean
                : (elements, counted) -> Arrays.stream(elements).sum() / fixed;
    }

    /** A window that ceil mode cuts short has the mean of its elements in place of those that it lacks. */
    private static Pool norm(LPPool layer) {
        double p = layer.normType();
        int whole = layer.window().rows().kernel() * layer.window().columns().kernel();
        return (elements, counted) ->
                Math.pow(Arrays.stream(elements).map(x -> Math.pow(x, p)).sum() * whole / elements.length, 1 / p);
    }

    private static List<double[]> slide(SlidingPool layer, Call call, Pool pool) {
        Shape out = layer.output(call.types().getFirst()).shape();
        return planes(
                call,
                windows(layer.window().rows(), height(call.shape()), height(out)),
                windows(layer.window().columns(), width(call.shape()), width(out)),
                pool);
    }

    private static List<double[]> share(AdaptivePool layer, Call call, Pool pool) {
        Shape out = layer.output(call.types().getFirst()).shape();
        return planes(call, shares(height(call.shape()), height(out)), shares(width(call.shape()), width(out)), pool);
    }

    private static int height(Shape shape) {
        return shape.rank() == 4 ? shape.dimension(2) : 1;
    }

    private static int width(Shape shape) {
        return shape.dimension(shape.rank() - 1);
    }

    private static List<Bin> windows(PoolAxis axis, int size, int count) {
        List<Bin> bins = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int first = i * axis.stride() - axis.padding();
            int[] taps = IntStream.range(0, axis.kernel())
                    .map(k -> first + k * axis.dilation())
                    .toArray();
            List<Integer> inside = Arrays.stream(taps)
                    .filter(tap -> tap >= 0 && tap < size)
                    .boxed()
                    .toList();
            long padded = Arrays.stream(taps)
                    .filter(tap -> tap < size + axis.padding())
                    .count();
            bins.add(new Bin(inside, Math.toIntExact(padded)));
        }
        return bins;
    }

    private static List<Bin> shares(int size, int count) {
        List<Bin> bins = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int from = (int) Math.floor((double) i * size / count);
            int to = (int) Math.ceil((i + 1.0) * size / count);
            bins.add(new Bin(IntStream.range(from, to).boxed().toList(), to - from));
        }
        return bins;
    }

    private static List<double[]> planes(Call call, List<Bin> rows, List<Bin> columns, Pool pool) {
        int width = width(call.shape());
        int plane = height(call.shape()) * width;
        List<Double> y = new ArrayList<>();
        for (int first = 0; first < call.input().length; first += plane) {
            for (Bin row : rows) {
                for (Bin column : columns) {
                    y.add(pool.of(elements(call.input(), first, width, row, column), row.counted * column.counted));
                }
            }
        }
        return List.of(y.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static double[] elements(double[] x, int first, int width, Bin row, Bin column) {
        return row.positions.stream()
                .flatMapToDouble(r -> column.positions.stream().mapToDouble(c -> x[first + r * width + c]))
                .toArray();
    }
}
