package io.ketju.tensor.kernel.recurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.testing.Operand;
import org.junit.jupiter.api.Test;

/**
 * The definition against PyTorch 2.13 with two samples and two hidden units, all operands {@code s(n, f)}:
 *
 * <pre>
 * def s(n, f): return torch.tensor([((i + 1) * f % 13 - 6) / 5 for i in range(n)])
 * xg, hg, c0, dh, dc = f = 5, 7, 3, 4, 6
 * i, f, g, o = (xg + hg).chunk(4, 1); c = f.sigmoid() * c0 + i.sigmoid() * g.tanh(); h = o.sigmoid() * c.tanh()
 * torch.autograd.backward([h, c], [dh, dc])                       # equal to torch.nn.LSTMCell
 * x, y = xg.chunk(3, 1), hg.chunk(3, 1); r = (x[0] + y[0]).sigmoid(); z = (x[1] + y[1]).sigmoid()
 * n = (x[2] + r * y[2]).tanh(); h = (1 - z) * n + z * h0; h.backward(dh)
 * </pre>
 */
class ScalarRecurrentTest {
    private static final float ROUNDING = 2e-6f;

    private final RecurrentKernels kernels = new ScalarRecurrent();

    @Test
    void lstm() {
        Tensor before = sequence(3, 2, 2);
        Tensor c = sequence(1, 2, 2);
        Tensor h = sequence(1, 2, 2);
        Tensor gates = sequence(1, 2, 8);
        kernels.lstmForward(sequence(5, 2, 8), sequence(7, 2, 8), before, c, h, gates);
        assertClose(c, 0.232616f, -0.342844f, -0.331730f, 0.718425f);
        assertClose(h, 0.183306f, -0.065282f, -0.144087f, 0.247181f);
        Tensor dc = sequence(6, 2, 2);
        Tensor dg = sequence(1, 2, 8);
        kernels.lstmBackward(sequence(4, 2, 2), gates, before, c, dc, dg);
        assertClose(
                dg,
                -0.071985f,
                -0.239500f,
                0.043841f,
                0,
                -0.015747f,
                0.240200f,
                -0.014504f,
                -0.020947f,
                -0.055092f,
                0,
                0.039102f,
                0.245228f,
                0.006744f,
                0.586865f,
                -0.095069f,
                -0.088791f);
        assertClose(dc, -0.122047f, 0.450197f, 0.183920f, 0.509220f);
    }

    @Test
    void gru() {
        Tensor before = sequence(3, 2, 2);
        Tensor h = sequence(1, 2, 2);
        Tensor gates = sequence(1, 2, 8);
        kernels.gruForward(sequence(5, 2, 6), sequence(7, 2, 6), before, h, gates);
        assertClose(h, 0.301114f, -0.377738f, 0.532098f, 0.945763f);
        Tensor dxg = sequence(1, 2, 6);
        Tensor dhg = sequence(1, 2, 6);
        Tensor dBefore = sequence(1, 2, 2);
        kernels.gruBackward(sequence(4, 2, 2), gates, before, dxg, dhg, dBefore);
        assertClose(
                dxg,
                -0.006491f,
                -0.025227f,
                0.144651f,
                0.053540f,
                -0.043275f,
                0.169865f,
                0.054033f,
                0,
                0.059569f,
                -0.105250f,
                0.283754f,
                -0.159162f);
        assertClose(
                dhg,
                -0.006491f,
                -0.025227f,
                0.144651f,
                0.053540f,
                -0.021637f,
                0.076467f,
                0.054033f,
                0,
                0.059569f,
                -0.105250f,
                0.227623f,
                -0.031485f);
        assertClose(dBefore, -0.160525f, 0.141737f, 0.877270f, -0.413985f);
    }

    @Test
    void rnn() {
        Tensor xg = sequence(5, 3, 4);
        Tensor hg = sequence(7, 3, 4);
        Tensor dh = sequence(4, 3, 4);
        Tensor h = sequence(1, 3, 4);
        Tensor dg = sequence(1, 3, 4);
        kernels.rnnForward(RecurrentActivation.TANH, xg, hg, h);
        kernels.rnnBackward(RecurrentActivation.TANH, dh, h, dg);
        for (int i = 0; i < h.elements(); i++) {
            double y = Math.tanh((double) xg.getFloat(i) + hg.getFloat(i));
            assertThat(h.getFloat(i)).as("tanh, element %d", i).isCloseTo((float) y, within(ROUNDING));
            assertThat(dg.getFloat(i))
                    .as("slope of tanh, element %d", i)
                    .isCloseTo((float) (dh.getFloat(i) * (1 - y * y)), within(ROUNDING));
        }
        kernels.rnnForward(RecurrentActivation.RELU, xg, hg, h);
        kernels.rnnBackward(RecurrentActivation.RELU, dh, h, dg);
        for (int i = 0; i < h.elements(); i++) {
            float a = xg.getFloat(i) + hg.getFloat(i);
            assertThat(h.getFloat(i)).as("relu, element %d", i).isEqualTo(Math.max(0, a));
            assertThat(dg.getFloat(i)).as("slope of relu, element %d", i).isEqualTo(a > 0 ? dh.getFloat(i) : 0);
        }
    }

    private static Tensor sequence(int factor, int... dimensions) {
        Tensor tensor = Operand.uniform(1, "x", Shape.of(dimensions)).tensor;
        for (int i = 0; i < tensor.elements(); i++) {
            tensor.setFloat(i, ((i + 1) * factor % 13 - 6) / 5f);
        }
        return tensor;
    }

    private static void assertClose(Tensor actual, float... expected) {
        assertThat(actual.elements()).isEqualTo(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual.getFloat(i)).as("element %d", i).isCloseTo(expected[i], within(ROUNDING));
        }
    }
}
