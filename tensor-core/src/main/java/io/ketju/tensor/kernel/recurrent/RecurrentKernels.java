package io.ketju.tensor.kernel.recurrent;

import io.ketju.tensor.Tensor;

/**
 * One time step of recurrent cells, but for the matrix products, with the formulas and the order of gates of PyTorch's
 * LSTM, GRU and RNN. B samples, H hidden units; states are [B, H], gates [B, G·H], gate after gate.
 *
 * <p>{@code xg = x · W_ihᵀ + b_ih} and {@code hg = hPrevious · W_hhᵀ + b_hh} come with their biases, as
 * {@link io.ketju.tensor.kernel.matrix.MatrixKernels#gemmBias} gives them: xg of all steps as one product, hg step by
 * step. Backward gives the gradients of xg and hg; those of weights, biases, x and hPrevious are products and sums with
 * them. Everything is element by element, in the order written, {@code fma} where it says so; σ is
 * {@link io.ketju.tensor.simd.FloatMath#sigmoid}. Outputs are overwritten. Operands do not overlap unless said so; wrong
 * sizes throw {@link IllegalArgumentException}.
 */
public interface RecurrentKernels {
    /**
     * LSTM (Hochreiter and Schmidhuber, 1997, with forget gates), gates i, f, g, o: {@code a = xg + hg}, i, f, o =
     * σ(a), g = tanh(a), {@code c = fma(f, cPrevious, i·g)}, {@code h = o·tanh(c)}.
     *
     * @param xg [B, 4·H]
     * @param hg [B, 4·H]
     * @param cPrevious cell of the step before, [B, H]
     * @param c overwritten with the new cell; may be cPrevious
     * @param h overwritten, the output, [B, H]
     * @param gates overwritten with i, f, g, o for the backward pass, [B, 4·H]; may be xg or hg
     */
    void lstmForward(Tensor xg, Tensor hg, Tensor cPrevious, Tensor c, Tensor h, Tensor gates);

    /**
     * Gradients of a step of LSTM. With t = tanh(c) and {@code e =
     * fma(dh·o, fma(-t, t, 1), dc)}: {@code di = (e·g)·(i·(1-i))}, {@code df = (e·cPrevious)·(f·(1-f))}, {@code dg =
     * (e·i)·fma(-g, g, 1)}, {@code do = (dh·t)·(o·(1-o))}, {@code dc = e·f}.
     *
     * @param dh gradient of h, [B, H]
     * @param gates what the forward pass kept, [B, 4·H]
     * @param cPrevious cell of the step before, [B, H]
     * @param c cell of this step, [B, H]
     * @param dc gradient of c that comes from the next step; overwritten with that of cPrevious
     * @param dg overwritten with the gradient of both xg and hg, [B, 4·H]
     */
    void lstmBackward(Tensor dh, Tensor gates, Tensor cPrevious, Tensor c, Tensor dc, Tensor dg);

    /**
     * GRU (Cho et al., 2014, in the form of cuDNN and PyTorch, the bias of hn within the reset), gates r, z, n: {@code r =
     * σ(xr + hr)}, {@code z = σ(xz + hz)}, {@code n = tanh(fma(r, hn, xn))}, {@code h = fma(z, hPrevious - n, n)}.
     *
     * @param xg [B, 3·H]
     * @param hg [B, 3·H]
     * @param hPrevious output of the step before, [B, H]
     * @param h overwritten, the output; may be hPrevious
     * @param gates overwritten with r, z, n and hn for the backward pass, [B, 4·H]
     */
    void gruForward(Tensor xg, Tensor hg, Tensor hPrevious, Tensor h, Tensor gates);

    /**
     * Gradients of a step of GRU: {@code dn = (dh·(1-z))·fma(-n, n, 1)}, {@code dz = (dh·(hPrevious-n))·(z·(1-z))},
     * {@code dr = (dn·hn)·(r·(1-r))}.
     *
     * @param dh gradient of h, [B, H]
     * @param gates what the forward pass kept, [B, 4·H]
     * @param hPrevious output of the step before, [B, H]
     * @param dxg overwritten with dr, dz, dn, [B, 3·H]
     * @param dhg overwritten with dr, dz, dn·r, [B, 3·H]
     * @param dhPrevious overwritten with {@code dh·z}, without what comes through hg; may be dh
     */
    void gruBackward(Tensor dh, Tensor gates, Tensor hPrevious, Tensor dxg, Tensor dhg, Tensor dhPrevious);

    /**
     * Plain cell: {@code h = f(xg + hg)}.
     *
     * @param activation f
     * @param xg [B, H]
     * @param hg [B, H]
     * @param h overwritten, [B, H]; may be xg or hg
     */
    void rnnForward(RecurrentActivation activation, Tensor xg, Tensor hg, Tensor h);

    /**
     * Gradients of a step of the plain cell: {@code dh·fma(-h, h, 1)} for tanh, for relu dh where h is above zero, else 0.
     *
     * @param activation f
     * @param dh gradient of h, [B, H]
     * @param h output of the step, [B, H]
     * @param dg overwritten with the gradient of both xg and hg; may be dh or h
     */
    void rnnBackward(RecurrentActivation activation, Tensor dh, Tensor h, Tensor dg);
}
