package io.ketju.benchmarks.steps;

import io.ketju.benchmarks.steps.Parameters.Parameter;
import io.ketju.tensor.kernel.matrix.GemmShape;
import io.ketju.tensor.kernel.matrix.MatrixKernels;
import org.jspecify.annotations.Nullable;

/** {@code y = x · wᵀ + b} over rows, w [out, in]. */
final class LinearStep implements Step {
    private final MatrixKernels matrix;
    private final GemmShape forward;
    private final GemmShape input;
    private final GemmShape weight;
    private final Value x;
    private final Parameter w;
    private final @Nullable Parameter bias;
    private final Value y;

    private LinearStep(Kit kit, Value x, int rows, int out, boolean biased) {
        int in = x.tensor().elements() / rows;
        this.x = x;
        matrix = kit.kernels().matrix();
        forward = GemmShape.nt(rows, out, in);
        input = GemmShape.nn(rows, in, out);
        weight = GemmShape.tn(out, in, rows);
        w = kit.parameters().overwritten(out, in);
        bias = biased ? kit.parameters().bias(out) : null;
        y = kit.value(rows, out);
    }

    /** With a bias. */
    static LinearStep of(Kit kit, Value x, int rows, int out) {
        return new LinearStep(kit, x, rows, out, true);
    }

    static LinearStep withoutBias(Kit kit, Value x, int rows, int out) {
        return new LinearStep(kit, x, rows, out, false);
    }

    @Override
    public void forward() {
        if (bias == null) {
            matrix.gemm(forward, x.tensor(), w.w(), y.tensor());
        } else {
            matrix.gemmBias(forward, x.tensor(), w.w(), bias.w(), y.tensor());
        }
    }

    @Override
    public void backward() {
        matrix.gemm(weight, y.gradient(), x.tensor(), w.dw());
        if (bias != null) {
            matrix.sumRowsAccumulate(y.gradient(), bias.dw());
        }
        if (x.hasGradient()) {
            matrix.gemm(input, y.gradient(), w.w(), x.gradient());
        }
    }

    @Override
    public Value y() {
        return y;
    }

    @Override
    public double flops() {
        return 2.0 * forward.m() * forward.n() * forward.k() * (x.hasGradient() ? 3 : 2);
    }
}
