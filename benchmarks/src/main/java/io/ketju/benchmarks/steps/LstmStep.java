package io.ketju.benchmarks.steps;

import io.ketju.benchmarks.steps.Parameters.Parameter;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.matrix.GemmShape;
import io.ketju.tensor.kernel.matrix.MatrixKernels;
import io.ketju.tensor.kernel.recurrent.RecurrentKernels;

/** One layer of LSTM from states of zero, over rows [length, batch, width], with hidden states as wide as inputs. */
final class LstmStep implements Step {
    /** One time step's rows of everything. */
    private record Moment(Tensor xg, Tensor hBefore, Tensor h, Tensor dh, Tensor cBefore, Tensor c, Tensor dg) {}

    private static final int GATES = 4;

    private final MatrixKernels matrix;
    private final RecurrentKernels recurrent;
    private final Value x;
    private final Value y;
    private final Parameter input;
    private final Parameter hidden;
    private final Parameter inputBias;
    private final Parameter hiddenBias;
    private final GemmShape allGates;
    private final GemmShape allGradients;
    private final GemmShape weights;
    private final GemmShape gates;
    private final GemmShape gradients;
    private final Tensor xg;
    private final Tensor hg;
    private final Tensor dg;
    private final Tensor hBefore;
    private final Tensor dc;
    private final Moment[] moments;

    LstmStep(Kit kit, Value x, int length, int width) {
        this.x = x;
        matrix = kit.kernels().matrix();
        recurrent = kit.kernels().recurrent();
        int rows = x.tensor().elements() / width;
        int batch = rows / length;
        int wide = GATES * width;
        input = kit.parameters().overwritten(wide, width);
        hidden = kit.parameters().overwritten(wide, width);
        inputBias = kit.parameters().bias(wide);
        hiddenBias = kit.parameters().bias(wide);
        allGates = GemmShape.nt(rows, wide, width);
        allGradients = GemmShape.nn(rows, width, wide);
        weights = GemmShape.tn(wide, width, rows);
        gates = GemmShape.nt(batch, wide, width);
        gradients = GemmShape.nn(batch, width, wide);
        // Row blocks of states: those before the first time step, then one for each.
        Tensor h = kit.floats(length + 1, batch, width);
        Tensor c = kit.floats(length + 1, batch, width);
        hBefore = h.samples(0, length);
        y = new Value(h.samples(1, length), kit.floats(length, batch, width));
        xg = kit.floats(length, batch, wide);
        hg = kit.floats(batch, wide);
        dg = kit.floats(length, batch, wide);
        dc = kit.floats(batch, width);
        moments = new Moment[length];
        for (int t = 0; t < length; t++) {
            moments[t] = new Moment(
                    at(xg, t), at(h, t), at(h, t + 1), at(y.gradient(), t), at(c, t), at(c, t + 1), at(dg, t));
        }
    }

    private static Tensor at(Tensor all, int t) {
        Shape one = all.shape().sample();
        return all.samples(t, 1).view(one);
    }

    @Override
    public void forward() {
        matrix.gemmBias(allGates, x.tensor(), input.w(), inputBias.w(), xg);
        for (Moment t : moments) {
            matrix.gemmBias(gates, t.hBefore, hidden.w(), hiddenBias.w(), hg);
            recurrent.lstmForward(t.xg, hg, t.cBefore, t.c, t.h, t.xg);
        }
    }

    @Override
    public void backward() {
        dc.clear();
        for (int i = moments.length - 1; i >= 0; i--) {
            Moment t = moments[i];
            recurrent.lstmBackward(t.dh, t.xg, t.cBefore, t.c, dc, t.dg);
            if (i > 0) {
                matrix.gemmAccumulate(gradients, t.dg, hidden.w(), moments[i - 1].dh);
            }
        }
        matrix.gemm(weights, dg, x.tensor(), input.dw());
        matrix.gemm(weights, dg, hBefore, hidden.dw());
        matrix.sumRowsAccumulate(dg, inputBias.dw());
        hiddenBias.dw().copyFrom(inputBias.dw());
        matrix.gemm(allGradients, dg, input.w(), x.gradient());
    }

    @Override
    public Value y() {
        return y;
    }

    /** Of inputs and of states: forward, gradient, weights. */
    @Override
    public double flops() {
        return 3 * 2 * 2.0 * allGates.m() * allGates.n() * allGates.k();
    }
}
