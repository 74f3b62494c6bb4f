package io.ketju.layers.shape;

import io.ketju.layers.DoubleReference.Call;
import io.ketju.layers.Layer;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The layers that change shapes in double, as plainly as possible. */
public final class ShapeReference {
    private ShapeReference() {}

    /** The outputs, if the layer is one of them. */
    public static Optional<List<double[]>> forward(Layer layer, Call call) {
        return switch (layer) {
            case View view -> Optional.of(List.of(call.input().clone()));
            case Permute permute -> Optional.of(List.of(permuted(permute.dims(), call)));
            case Permute.Transpose swap -> Optional.of(List.of(permuted(order(swap, call.shape()), call)));
            case Parted parted -> Optional.of(parts(parted, call));
            case Slice slice -> Optional.of(List.of(slice(slice, call)));
            case Concat concat -> Optional.of(List.of(concat(concat.dim(), call)));
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

    private static double[] slice(Slice layer, Call call) {
        int at = Math.floorMod(layer.dim(), call.shape().rank());
        int size = call.shape().dimension(at);
        int inner = IntStream.range(at + 1, call.shape().rank())
                .map(call.shape()::dimension)
                .reduce(1, (a, b) -> a * b);
        int first = Math.max(0, layer.start() < 0 ? layer.start() + size : layer.start());
        int end = layer.end().orElse(size);
        int behind = Math.min(size, end < 0 ? end + size : end);
        return IntStream.range(0, call.input().length)
                .filter(i -> {
                    int position = i / inner % size;
                    return position >= first && position < behind && (position - first) % layer.step() == 0;
                })
                .mapToDouble(i -> call.input()[i])
                .toArray();
    }

    private static List<Integer> order(Permute.Transpose layer, Shape shape) {
        int rank = shape.rank();
        List<Integer> order = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
        Collections.swap(order, Math.floorMod(layer.dim0(), rank), Math.floorMod(layer.dim1(), rank));
        return order;
    }

    private static double[] permuted(List<Integer> order, Call call) {
        Shape shape = call.shape();
        double[] y = new double[call.input().length];
        for (int i = 0; i < y.length; i++) {
            int[] at = new int[shape.rank()];
            for (int d = at.length - 1, rest = i; d >= 0; d--) {
                at[d] = rest % shape.dimension(d);
                rest /= shape.dimension(d);
            }
            int to = 0;
            for (int d : order) {
                to = to * shape.dimension(d) + at[d];
            }
            y[to] = call.input()[i];
        }
        return y;
    }

    private static double[] concat(int dim, Call call) {
        int at = Math.floorMod(dim, call.shape().rank());
        int outer = IntStream.range(0, at).map(call.shape()::dimension).reduce(1, (a, b) -> a * b);
        double[] y = new double[call.inputs().stream().mapToInt(x -> x.length).sum()];
        int end = 0;
        for (int o = 0; o < outer; o++) {
            for (double[] x : call.inputs()) {
                int row = x.length / outer;
                System.arraycopy(x, o * row, y, end, row);
                end += row;
            }
        }
        return y;
    }

    private static List<double[]> parts(Parted layer, Call call) {
        int at = Math.floorMod(layer.dim(), call.shape().rank());
        int outer = IntStream.range(0, at).map(call.shape()::dimension).reduce(1, (a, b) -> a * b);
        int row = call.input().length / outer;
        List<double[]> parts = new ArrayList<>();
        int from = 0;
        for (TensorType type : layer.outputs(call.types())) {
            int columns = type.shape().elements() / outer;
            double[] part = new double[outer * columns];
            for (int o = 0; o < outer; o++) {
                System.arraycopy(call.input(), o * row + from, part, o * columns, columns);
            }
            parts.add(part);
            from += columns;
        }
        return parts;
    }
}
