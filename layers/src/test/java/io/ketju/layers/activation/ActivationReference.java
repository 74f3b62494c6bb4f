package io.ketju.layers.activation;

import io.ketju.layers.Axis;
import io.ketju.layers.DoubleReference.Call;
import io.ketju.layers.Layer;
import io.ketju.layers.regularization.RegularizationReference;
import io.ketju.tensor.kernel.activation.Activation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/** The activation functions in double, as plainly as possible. */
public final class ActivationReference {
    private ActivationReference() {}

    /** The outputs, if the layer is one of them. */
    public static Optional<List<double[]>> forward(Layer layer, Call call) {
        return switch (layer) {
            case Pointwise pointwise ->
                Optional.of(List.of(
                        Arrays.stream(call.input()).map(function(pointwise)).toArray()));
            case PReLU prelu -> Optional.of(List.of(prelu(prelu, call)));
            case RReLU rrelu -> Optional.of(List.of(rrelu(rrelu, call)));
            case SoftmaxAlong softmax -> Optional.of(List.of(softmax(softmax, call)));
            case GLU glu -> Optional.of(List.of(glu(glu, call)));
            case Maxout maxout -> Optional.of(List.of(maxout(maxout, call)));
            default -> Optional.empty();
        };
    }

    private static double[] prelu(PReLU layer, Call call) {
        double[] y = call.input().clone();
        int sample = y.length / call.shape().dimension(0);
        for (int i = 0; i < y.length; i++) {
            double slope = call.parameter(0)[i % sample / (sample / layer.numParameters())];
            y[i] = y[i] > 0 ? y[i] : slope * y[i];
        }
        return y;
    }

    /** In training. */
    private static double[] rrelu(RReLU layer, Call call) {
        double[] y = call.input().clone();
        for (int i = 0; i < y.length; i++) {
            double slope = layer.lower() + RegularizationReference.number(i) * (layer.upper() - layer.lower());
            y[i] = y[i] > 0 ? y[i] : slope * y[i];
        }
        return y;
    }

    private static double[] softmax(SoftmaxAlong layer, Call call) {
        Axis axis = Axis.of(call.shape(), layer.dim());
        double sign = layer.kind() == SoftmaxAlong.Kind.SOFTMIN ? -1 : 1;
        double[] sums = new double[axis.outer() * axis.inner()];
        double[] y = new double[call.input().length];
        for (int pass = 0; pass < 2; pass++) {
            for (int i = 0; i < y.length; i++) {
                int row = i / (axis.size() * axis.inner()) * axis.inner() + i % axis.inner();
                double e = Math.exp(sign * call.input()[i]);
                sums[row] += pass == 0 ? e : 0;
                y[i] = layer.kind() == SoftmaxAlong.Kind.LOG_SOFTMAX ? Math.log(e / sums[row]) : e / sums[row];
            }
        }
        return y;
    }

    private static double[] glu(GLU layer, Call call) {
        Axis axis = Axis.of(call.shape(), layer.dim());
        int half = axis.size() / 2 * axis.inner();
        double[] y = new double[axis.outer() * half];
        for (int i = 0; i < y.length; i++) {
            int at = i / half * 2 * half + i % half;
            y[i] = call.input()[at] / (1 + Math.exp(-call.input()[at + half]));
        }
        return y;
    }

    private static double[] maxout(Maxout layer, Call call) {
        double[] y = new double[call.input().length / layer.pieces()];
        Arrays.fill(y, Double.NEGATIVE_INFINITY);
        for (int i = 0; i < call.input().length; i++) {
            y[i / layer.pieces()] = Math.max(y[i / layer.pieces()], call.input()[i]);
        }
        return y;
    }

    private static DoubleUnaryOperator function(Pointwise layer) {
        DoubleUnaryOperator sigmoid = x -> 1 / (1 + Math.exp(-x));
        Activation f = layer.function();
        return switch (layer.spec().name()) {
            case "ReLU" -> x -> Math.max(x, 0);
            case "ReLU6" -> x -> Math.clamp(x, 0.0, 6.0);
            case "LeakyReLU" -> x -> x > 0 ? x : f.a() * x;
            case "ELU" -> x -> x > 0 ? x : f.b() * Math.expm1(x);
            case "CELU" -> x -> x > 0 ? x : f.b() * Math.expm1(x / f.b());
            case "SELU" -> x -> 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x));
            case "GELU" -> f.equals(Activation.GELU) ? ActivationReference::gelu : ActivationReference::geluTanh;
            case "SiLU" -> x -> x * sigmoid.applyAsDouble(x);
            case "Mish" -> x -> x * Math.tanh(Math.log1p(Math.exp(x)));
            case "Softplus" -> x -> f.a() * x > f.b() ? x : Math.log1p(Math.exp(f.a() * x)) / f.a();
            case "Softsign" -> x -> x / (1 + Math.abs(x));
            case "Softshrink" -> x -> Math.abs(x) <= f.a() ? 0 : x - Math.signum(x) * f.a();
            case "Hardshrink" -> x -> Math.abs(x) <= f.a() ? 0 : x;
            case "Tanhshrink" -> x -> x - Math.tanh(x);
            case "Threshold" -> x -> x > f.a() ? x : f.b();
            case "Tanh" -> Math::tanh;
            case "Sigmoid" -> sigmoid;
            case "LogSigmoid" -> x -> Math.log(sigmoid.applyAsDouble(x));
            case "Hardtanh" -> x -> Math.clamp(x, f.a(), f.b());
            case "Hardsigmoid" -> x -> Math.clamp(x + 3, 0.0, 6.0) / 6;
            case "Hardswish" -> x -> x * Math.clamp(x + 3, 0.0, 6.0) / 6;
            default -> throw new IllegalArgumentException("no reference for " + layer);
        };
    }

    private static double gelu(double x) {
        // The error function by its series, whose terms stay small for the x of tests.
        double z = x / Math.sqrt(2);
        double term = z;
        double sum = z;
        for (int n = 1; n < 100; n++) {
            term *= -z * z / n;
            sum += term / (2 * n + 1);
        }
        return x / 2 * (1 + 2 / Math.sqrt(Math.PI) * sum);
    }

    private static double geluTanh(double x) {
        return x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }
}
