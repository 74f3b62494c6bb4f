package io.ketju.layers.arithmetic;

import io.ketju.layers.Axis;
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
            case Arithmetic arithmetic -> Optional.of(List.of(arithmetic(arithmetic.kind(), call)));
            case MatMul product -> Optional.of(List.of(product(call)));
            case Aggregate aggregate -> Optional.of(List.of(aggregate(aggregate, call)));
            case Add add -> Optional.of(List.of(sum(call)));
            default -> Optional.empty();
        };
    }

    private static double[] sum(Call call) {
        double[] y = new double[call.input().length];
        for (double[] x : call.inputs()) {
            Arrays.setAll(y, i -> y[i] + x[i]);
        }
        return y;
    }

    private static double[] arithmetic(Arithmetic.Kind kind, Call call) {
        Shape whole = call.shape();
        Shape part = call.types().get(1).shape();
        double[] y = new double[call.input().length];
        for (int i = 0; i < y.length; i++) {
            int at = 0;
            for (int d = 0, below = whole.elements(); d < whole.rank(); d++) {
                below /= whole.dimension(d);
                at = at * part.dimension(d) + (part.dimension(d) == 1 ? 0 : i / below % whole.dimension(d));
            }
            double a = call.input()[i];
            double b = call.inputs().get(1)[at];
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
        Axis axis = Axis.of(call.shape(), layer.dim());
        double[] y = new double[axis.outer() * axis.inner()];
        Arrays.fill(y, layer.kind() == Aggregate.Kind.MAX ? Double.NEGATIVE_INFINITY : 0);
        for (int i = 0; i < call.input().length; i++) {
            int to = i / (axis.size() * axis.inner()) * axis.inner() + i % axis.inner();
            double x = call.input()[i];
            y[to] = switch (layer.kind()) {
                case SUM -> y[to] + x;
                case MEAN -> y[to] + x / axis.size();
                case MAX -> Math.max(y[to], x);
            };
        }
        return y;
    }
}
