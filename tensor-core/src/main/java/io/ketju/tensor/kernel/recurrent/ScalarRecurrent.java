package io.ketju.tensor.kernel.recurrent;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.FloatMath;

/** Recurrent cells as plain loops: the definition that the vector kernels are tested against. */
public final class ScalarRecurrent implements RecurrentKernels {
    /** Kernels without state: one object serves all threads. */
    public ScalarRecurrent() {}

    @Override
    public void lstmForward(Tensor xg, Tensor hg, Tensor cPrevious, Tensor c, Tensor h, Tensor gates) {
        CellShape shape = CellShape.of(c, cPrevious, h);
        shape.require(4, xg, hg, gates);
        int n = shape.hidden();
        for (int k = 0; k < shape.batch() * n; k++) {
            int at = k / n * 4 * n + k % n;
            float i = FloatMath.sigmoid(xg.getFloat(at) + hg.getFloat(at));
            float f = FloatMath.sigmoid(xg.getFloat(at + n) + hg.getFloat(at + n));
            float g = FloatMath.tanh(xg.getFloat(at + 2 * n) + hg.getFloat(at + 2 * n));
            float o = FloatMath.sigmoid(xg.getFloat(at + 3 * n) + hg.getFloat(at + 3 * n));
            float cell = Math.fma(f, cPrevious.getFloat(k), i * g);
            c.setFloat(k, cell);
            h.setFloat(k, o * FloatMath.tanh(cell));
            gates.setFloat(at, i);
            gates.setFloat(at + n, f);
            gates.setFloat(at + 2 * n, g);
            gates.setFloat(at + 3 * n, o);
        }
    }

    @Override
    public void lstmBackward(Tensor dh, Tensor gates, Tensor cPrevious, Tensor c, Tensor dc, Tensor dg) {
        CellShape shape = CellShape.of(dh, cPrevious, c, dc);
        shape.require(4, gates, dg);
        int n = shape.hidden();
        for (int k = 0; k < shape.batch() * n; k++) {
            int at = k / n * 4 * n + k % n;
            float i = gates.getFloat(at);
            float f = gates.getFloat(at + n);
            float g = gates.getFloat(at + 2 * n);
            float o = gates.getFloat(at + 3 * n);
            float t = FloatMath.tanh(c.getFloat(k));
            float e = Math.fma(dh.getFloat(k) * o, Math.fma(-t, t, 1), dc.getFloat(k));
            dg.setFloat(at, e * g * (i * (1 - i)));
            dg.setFloat(at + n, e * cPrevious.getFloat(k) * (f * (1 - f)));
            dg.setFloat(at + 2 * n, e * i * Math.fma(-g, g, 1));
            dg.setFloat(at + 3 * n, dh.getFloat(k) * t * (o * (1 - o)));
            dc.setFloat(k, e * f);
        }
    }

    @Override
    public void gruForward(Tensor xg, Tensor hg, Tensor hPrevious, Tensor h, Tensor gates) {
        CellShape shape = CellShape.of(h, hPrevious);
        shape.require(3, xg, hg);
        shape.require(4, gates);
        int n = shape.hidden();
        for (int k = 0; k < shape.batch() * n; k++) {
            int in = k / n * 3 * n + k % n;
            int at = k / n * 4 * n + k % n;
            float r = FloatMath.sigmoid(xg.getFloat(in) + hg.getFloat(in));
            float z = FloatMath.sigmoid(xg.getFloat(in + n) + hg.getFloat(in + n));
            float hn = hg.getFloat(in + 2 * n);
            float candidate = FloatMath.tanh(Math.fma(r, hn, xg.getFloat(in + 2 * n)));
            h.setFloat(k, Math.fma(z, hPrevious.getFloat(k) - candidate, candidate));
            gates.setFloat(at, r);
            gates.setFloat(at + n, z);
            gates.setFloat(at + 2 * n, candidate);
            gates.setFloat(at + 3 * n, hn);
        }
    }

    @Override
    public void gruBackward(Tensor dh, Tensor gates, Tensor hPrevious, Tensor dxg, Tensor dhg, Tensor dhPrevious) {
        CellShape shape = CellShape.of(dh, hPrevious, dhPrevious);
        shape.require(3, dxg, dhg);
        shape.require(4, gates);
        int n = shape.hidden();
        for (int k = 0; k < shape.batch() * n; k++) {
            int out = k / n * 3 * n + k % n;
            int at = k / n * 4 * n + k % n;
            float r = gates.getFloat(at);
            float z = gates.getFloat(at + n);
            float candidate = gates.getFloat(at + 2 * n);
            float d = dh.getFloat(k);
            float dn = d * (1 - z) * Math.fma(-candidate, candidate, 1);
            float dz = d * (hPrevious.getFloat(k) - candidate) * (z * (1 - z));
            float dr = dn * gates.getFloat(at + 3 * n) * (r * (1 - r));
            dxg.setFloat(out, dr);
            dxg.setFloat(out + n, dz);
            dxg.setFloat(out + 2 * n, dn);
            dhg.setFloat(out, dr);
            dhg.setFloat(out + n, dz);
            dhg.setFloat(out + 2 * n, dn * r);
            dhPrevious.setFloat(k, d * z);
        }
    }

    @Override
    public void rnnForward(RecurrentActivation activation, Tensor xg, Tensor hg, Tensor h) {
        CellShape shape = CellShape.of(h, xg, hg);
        for (int k = 0; k < shape.batch() * shape.hidden(); k++) {
            float a = xg.getFloat(k) + hg.getFloat(k);
            h.setFloat(k, activation == RecurrentActivation.TANH ? FloatMath.tanh(a) : (a <= 0 ? 0 : a));
        }
    }

    @Override
    public void rnnBackward(RecurrentActivation activation, Tensor dh, Tensor h, Tensor dg) {
        CellShape shape = CellShape.of(dg, dh, h);
        for (int k = 0; k < shape.batch() * shape.hidden(); k++) {
            float y = h.getFloat(k);
            float d = dh.getFloat(k);
            dg.setFloat(k, activation == RecurrentActivation.TANH ? d * Math.fma(-y, y, 1) : (y > 0 ? d : 0));
        }
    }
}
