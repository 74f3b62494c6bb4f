package io.ketju.layers.arithmetic;

import io.ketju.layers.DoubleReference.Call;
import io.ketju.layers.Layer;
import io.ketju.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The arithmetic between tensors in double, as plainly as possible. */
public final class ArithmeticReference {
    private ArithmeticReference() {}

    /** The outputs, if the layer is one of them. */
    public static Optional<List<double[]>> forward(Layer layer, Call call) {
        return switch (layer) {
            case Scale scale ->
                Optional.of(List.of(Arrays.stream(call.input())
                        .map(x -> (float) scale.factor() * x)
                        .toArray()));
            case Arithmetic arithmetic -> Optional.of(List.of(arithmetic(arithmetic.kind(), whole(layer, call), call)));
            case MatMul product -> Optional.of(List.of(product(call)));
            case Aggregate aggregate -> Optional.of(List.of(aggregate(aggregate, call)));
            case Add add -> Optional.of(List.of(sum(whole(layer, call), call)));
            default -> Optional.empty();
        };
    }

    private static Shape whole(Layer layer, Call call) {
        return layer.outputs(call.types()).getFirst().shape();
    }

    /** Where the element of a part is that stands at a place of the whole, by NumPy's rules. */
    private static int source(int place, Shape whole, Shape part) {
        int at = 0;
        int missing = whole.rank() - part.rank();
        for (int d = 0, below = whole.elements(); d < whole.rank(); d++) {
            below /= whole.dimension(d);
            if (d >= missing) {
                int size = part.dimension(d - missing);
                at = at * size + (size == 1 ? 0 : place / below % whole.dimension(d));
            }
        }
        return at;
    }

    private static double[] sum(Shape whole, Call call) {
        double[] y = new double[whole.elements()];
        for (int i = 0; i < y.length; i++) {
            for (int k = 0; k < call.inputs().size(); k++) {
                y[i] += call.inputs()
                        .get(k)[source(i, whole, call.types().get(k).shape())];
            }
        }
        return y;
    }

    private static double[] arithmetic(Arithmetic.Kind kind, Shape whole, Call call) {
        double[] y = new double[whole.elements()];
        for (int i = 0; i < y.length; i++) {
            double a = call.input()[source(i, whole, call.shape())];
            double b = call.inputs().get(1)[source(i, whole, call.types().get(1).shape())];
            y[i] = switch (kind) {
                case SUB -> a - b;
                case MUL -> a * b;
                case DIV -> a / b;
            };
        }
        return y;
    }

    private static double[] product(Call call) {
        Shape a = call.shape();
        int m = a.dimension(-2);
        int k = a.dimension(-1);
        int n = call.types().get(1).shape().dimension(-1);
        double[] y = new double[a.elements() / k * n];
        for (int i = 0; i < y.length; i++) {
            int row = i / n;
            for (int j = 0; j < k; j++) {
                y[i] += call.input()[row * k + j] * call.inputs().get(1)[(row / m * k + j) * n + i % n];
            }
        }
        return y;
    }

    private static double[] aggregate(Aggregate layer, Call call) {
        int[] kept = call.shape().toArray();
        layer.dims().forEach(dim -> kept[Math.floorMod(dim, kept.length)] = 1);
        Shape part = Shape.of(kept);
        double[] y = new double[part.elements()];
        Arrays.fill(y, layer.kind() == Aggregate.Kind.MAX ? Double.NEGATIVE_INFINITY : 0);
        int places = call.input().length / y.length;
        for (int i = 0; i < call.input().length; i++) {
            int to = source(i, call.shape(), part);
            double x = call.input()[i];
            y[to] = switch (layer.kind()) {
                case SUM -> y[to] + x;
                case MEAN -> y[to] + x / places;
                case MAX -> Math.max(y[to], x);
            };
        }
        return y;
    }
}
