package io.ketju.tensor.kernel.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.testing.Operand;
import org.junit.jupiter.api.Test;

/**
 * The definition against PyTorch 2.13:
 *
 * <pre>
 * def s(n, f): return torch.tensor([((i + 1) * f % 13 - 6) / 5 for i in range(n)])
 * q = s(6, 5).view(1, 1, 3, 2); k = s(8, 7).view(1, 1, 4, 2); v = s(8, 3).view(1, 1, 4, 2); dy = s(6, 4).view(1, 1, 3, 2)
 * y = F.scaled_dot_product_attention(q, k, v, is_causal=causal, scale=0.5); y.backward(dy)
 * </pre>
 *
 * and against softmax in double precision over several blocks, with central differences of the output as its gradient.
 */
class ScalarAttentionTest {
    private static final float ROUNDING = 2e-6f;

    private final AttentionKernels kernels = new ScalarAttention();

    @Test
    void everyQuerySeesEveryKey() {
        golden(
                Attention.of(new Attention.Sizes(1, 1, 3, 4, 2)).withScale(0.5f),
                new float[] {-0.087998f, 0.512002f, -0.112002f, 0.487998f, -0.083996f, 0.516004f},
                new float[] {1.058543f, 1.118543f, 1.830291f},
                new float[] {0, 0, 0.012005f, 0.012005f, 0.024019f, 0.024019f},
                new float[] {-0.050084f, 0.019358f, 0.073898f, -0.028293f, -0.093636f, 0.034543f, 0.069822f, -0.025608f
                },
                new float[] {0.280496f, 0.148276f, 0.259463f, 0.181845f, 0.239499f, 0.216739f, 0.220542f, 0.253140f});
    }

    @Test
    void causal() {
        golden(
                Attention.of(new Attention.Sizes(1, 1, 3, 4, 2)).withScale(0.5f).causal(),
                new float[] {-0.6f, 0, -0.017995f, 0.582005f, -0.272917f, 0.327083f},
                new float[] {-0.42f, 0.483597f, 1.500745f},
                new float[] {0, 0, 0.017984f, 0.017984f, -0.010739f, -0.010739f},
                new float[] {-0.000375f, 0.006120f, 0.137119f, -0.051701f, -0.136744f, 0.045581f, 0, 0},
                new float[] {0.279405f, 0.398053f, 0.648530f, 0.041621f, 0.072065f, 0.360327f, 0, 0});
    }

    @Test
    void severalBlocksAgainstDoublePrecision() {
        Attention plain = Attention.of(new Attention.Sizes(2, 1, 70, 135, 5));
        Tensor lengths = Operand.ints(Shape.of(2)).tensor;
        lengths.setInt(0, 131);
        lengths.setInt(1, 66);
        for (Attention attention : new Attention[] {plain, plain.causal(), plain.withLengths(lengths)}) {
            Attention.Operands in = new Attention.Operands(
                    uniform(1, plain.sizes().queryShape()),
                    uniform(2, plain.sizes().keyShape()),
                    uniform(3, plain.sizes().keyShape()));
            Attention.Result result = new Attention.Result(
                    uniform(4, plain.sizes().queryShape()),
                    uniform(5, plain.sizes().rowShape()));
            Tensor dy = uniform(6, plain.sizes().queryShape());
            Attention.Operands gradients = new Attention.Operands(
                    uniform(7, plain.sizes().queryShape()),
                    uniform(8, plain.sizes().keyShape()),
                    uniform(9, plain.sizes().keyShape()));
            kernels.forward(attention, in, result);
            kernels.backward(attention, in, result, dy, Attention.Gradients.of(gradients));
            double[] expected = outputs(attention, in.q(), in.k(), in.v());
            for (int i = 0; i < expected.length; i++) {
                assertThat((double) result.y().getFloat(i))
                        .as("y[%d], %s", i, attention)
                        .isCloseTo(expected[i], within(2e-6));
            }
            for (int i : new int[] {0, 7, 349, 350, 699}) {
                difference(attention, in, in.q(), i, dy, gradients.q());
            }
            for (int i : new int[] {0, 319, 324, 660, 674, 675, 1000, 1349}) {
                difference(attention, in, in.k(), i, dy, gradients.k());
                difference(attention, in, in.v(), i, dy, gradients.v());
            }
        }
    }

    /** The gradient of one element against the difference of the outputs when it is moved a little up and down. */
    private static void difference(
            Attention attention, Attention.Operands in, Tensor moved, int element, Tensor dy, Tensor gradient) {
        float value = moved.getFloat(element);
        float step = 1f / 128;
        moved.setFloat(element, value + step);
        double up = loss(attention, in, dy);
        double above = moved.getFloat(element);
        moved.setFloat(element, value - step);
        double down = loss(attention, in, dy);
        double below = moved.getFloat(element);
        moved.setFloat(element, value);
        assertThat((double) gradient.getFloat(element))
                .as("gradient of element %d of %s, %s", element, moved, attention)
                .isCloseTo((up - down) / (above - below), within(2e-5));
    }

    private static double loss(Attention attention, Attention.Operands in, Tensor dy) {
        double[] y = outputs(attention, in.q(), in.k(), in.v());
        double loss = 0;
        for (int i = 0; i < y.length; i++) {
            loss += y[i] * dy.getFloat(i);
        }
        return loss;
    }

    private static double[] outputs(Attention attention, Tensor q, Tensor k, Tensor v) {
        Attention.Sizes sizes = attention.sizes();
        int width = sizes.width();
        double[] y = new double[sizes.batch() * sizes.heads() * sizes.queries() * width];
        for (int row = 0; row < y.length / width; row++) {
            int head = row / sizes.queries();
            int seen = attention.visible(head / sizes.heads());
            seen = attention.isCausal() ? Math.min(seen, row % sizes.queries() + 1) : seen;
            double total = 0;
            for (int t = 0; t < seen; t++) {
                int key = head * sizes.keys() + t;
                double score = 0;
                for (int d = 0; d < width; d++) {
                    score += (double) q.getFloat(row * width + d) * k.getFloat(key * width + d);
                }
                double weight = Math.exp(score * attention.scale());
                total += weight;
                for (int d = 0; d < width; d++) {
                    y[row * width + d] += weight * v.getFloat(key * width + d);
                }
            }
            for (int d = 0; d < width; d++) {
                y[row * width + d] /= total;
            }
        }
        return y;
    }

    private void golden(Attention attention, float[] y, float[] sums, float[] dq, float[] dk, float[] dv) {
        Attention.Operands in =
                new Attention.Operands(sequence(5, 1, 1, 3, 2), sequence(7, 1, 1, 4, 2), sequence(3, 1, 1, 4, 2));
        Attention.Result result = new Attention.Result(sequence(1, 1, 1, 3, 2), sequence(1, 1, 1, 3));
        Attention.Operands gradients =
                new Attention.Operands(sequence(1, 1, 1, 3, 2), sequence(1, 1, 1, 4, 2), sequence(1, 1, 1, 4, 2));
        kernels.forward(attention, in, result);
        kernels.backward(attention, in, result, sequence(4, 1, 1, 3, 2), Attention.Gradients.of(gradients));
        assertClose("y", result.y(), y);
        assertClose("logSums", result.logSums(), sums);
        assertClose("dq", gradients.q(), dq);
        assertClose("dk", gradients.k(), dk);
        assertClose("dv", gradients.v(), dv);
    }

    private static Tensor uniform(long seed, Shape shape) {
        return Operand.uniform(seed, "attention", shape).tensor;
    }

    private static Tensor sequence(int factor, int... dimensions) {
        Tensor tensor = Operand.uniform(1, "x", Shape.of(dimensions)).tensor;
        for (int i = 0; i < tensor.elements(); i++) {
            tensor.setFloat(i, ((i + 1) * factor % 13 - 6) / 5f);
        }
        return tensor;
    }

    private static void assertClose(String what, Tensor actual, float... expected) {
        assertThat(actual.elements()).isEqualTo(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual.getFloat(i)).as("%s, element %d", what, i).isCloseTo(expected[i], within(ROUNDING));
        }
    }
}
