package io.ketju.tensor.kernel.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.loss.LossKernels.Limit;
import io.ketju.tensor.kernel.loss.LossKernels.Pair;
import io.ketju.tensor.memory.TensorArena;
import java.util.function.BiConsumer;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The scalar losses against PyTorch 2.13 in double precision: {@code F.<loss>(x, ..., reduction='none')}, and the gradient of
 * its sum. x, dy and w are the arrays below, targets 2 and 0, q the probabilities, margins and smoothing as in the calls.
 */
class ScalarLossTest {
    private static final float[] X = {0.5f, -1.25f, 2, 0, 0.75f, -0.5f};
    private static final float[] DY = {1, -2, 0.5f, 0.25f, 3, -1};
    private static final float[] WEIGHT = {0.5f, 2, 1};
    private static final ClassShape SHAPE = ClassShape.rows(2, 3);

    private final TensorArena arena = new TensorArena(1 << 16);
    private final LossKernels kernels = new ScalarLoss();
    private final Tensor x = tensor(X);
    private final Tensor q = tensor(0.2f, 0.3f, 0.5f, 0.6f, 0.4f, 0);
    private final Tensor targets = arena.allocate(DType.INT32, Shape.of(2));
    private final Tensor weight = arena.allocate(Shape.of(3));

    ScalarLossTest() {
        weight.copyFrom(WEIGHT);
        targets.setInt(0, 2);
        targets.setInt(1, 0);
    }

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void distances() {
        check(
                "mse",
                (l, dx) -> kernels.mse(x, q, 1, l, dx),
                new float[] {0.09f, 2.4025f, 2.25f, 0.36f, 0.1225f, 0.25f},
                new float[] {0.6f, -3.1f, 3f, -1.2f, 0.7f, -1f});
        check(
                "l1",
                (l, dx) -> kernels.l1(x, q, 1, l, dx),
                new float[] {0.3f, 1.55f, 1.5f, 0.6f, 0.35f, 0.5f},
                new float[] {1f, -1f, 1f, -1f, 1f, -1f});
        check(
                "smoothL1",
                (l, dx) -> kernels.smoothL1(new Limit(0.8f, 1), x, q, l, dx),
                new float[] {0.05625f, 1.15f, 1.1f, 0.225f, 0.0765625f, 0.15625f},
                new float[] {0.375f, -1f, 1f, -0.75f, 0.4375f, -0.625f});
        check(
                "huber",
                (l, dx) -> kernels.huber(new Limit(0.8f, 1), x, q, l, dx),
                new float[] {0.045f, 0.92f, 0.88f, 0.18f, 0.06125f, 0.125f},
                new float[] {0.3f, -0.8f, 0.8f, -0.6f, 0.35f, -0.5f});
    }

    @Test
    void divergencesAndHinges() {
        check(
                "bce",
                (l, dx) -> kernels.bce(tensor(0.5f, 0.25f, 0.9f, 0.1f, 0.75f, 0.4f), q, 1, l, dx),
                new float[] {0.6931472f, 0.6172658f, 1.203973f, 1.423695f, 0.9468494f, 0.5108256f},
                new float[] {1.2f, -0.2666667f, 4.444444f, -5.555556f, 1.866667f, 1.666667f});
        check(
                "bceWithLogits",
                (l, dx) -> kernels.bceWithLogits(weight, x, q, 1, l, dx),
                new float[] {0.8266693f, 1.077508f, 1.126928f, 0.485203f, 0.9916194f, 0.474077f},
                new float[] {0.4602134f, -0.3104898f, 0.3807971f, 0.05f, 0.1508502f, 0.3775407f});
        check(
                "klDiv",
                (l, dx) -> kernels.klDiv(x, q, 1, l, dx),
                new float[] {-0.4218876f, 0.01380816f, -1.346574f, -0.3064954f, -0.6665163f, 0f},
                new float[] {-0.2f, -0.3f, -0.5f, -0.6f, -0.4f, -0f});
        check(
                "klDivLogTarget",
                (l, dx) -> kernels.klDivLogTarget(x, tensor(DY), 1, l, dx),
                new float[] {1.359141f, -0.1015015f, -2.473082f, 0.3210064f, 45.19246f, -0.1839397f},
                new float[] {-2.718282f, -0.1353353f, -1.648721f, -1.284025f, -20.08554f, -0.3678794f});
        check(
                "hinge",
                (l, dx) -> kernels.hingeEmbedding(new Limit(0.6f, 1), x, tensor(1, -1, 1, -1, -1, -1), l, dx),
                new float[] {0.5f, 1.85f, 2f, 0.6f, 0f, 1.1f},
                new float[] {1f, -1f, 1f, -1f, 0f, -1f});
    }

    @Test
    void classes() {
        check(
                "weighted",
                (l, dx) -> kernels.crossEntropy(options(0), SHAPE, x, targets, l, dx),
                new float[] {0.232622f, 0.6573362f},
                new float[] {0.1768202f, 0.03072674f, -0.2075469f, -0.3657188f, 0.2842732f, 0.08144564f});
        check(
                "smoothed",
                (l, dx) -> kernels.crossEntropy(options(0.2f), SHAPE, x, targets, l, dx),
                new float[] {0.7237094f, 0.7659591f},
                new float[] {0.1493809f, -0.1015824f, -0.04779849f, -0.2632439f, 0.2267461f, 0.03649781f});
        check(
                "probabilities",
                (l, dx) -> kernels.crossEntropy(options(0.2f), SHAPE, x, q, l, dx),
                new float[] {2.440929f, 0.9170019f},
                new float[] {0.09767208f, -0.5766661f, 0.478994f, 0.02566604f, -0.1403517f, 0.1146856f});
        check("nll", (l, dx) -> kernels.nll(options(0), SHAPE, x, targets, l, dx), new float[] {-2f, -0f}, new float[] {
            0f, 0f, -1f, -0.5f, 0f, 0f
        });
        check(
                "multiMargin",
                (l, dx) -> kernels.multiMargin(new Limit(1.5f, 1), x, targets, l, dx),
                new float[] {0f, 1.083333f},
                new float[] {0f, 0f, 0f, -0.6666667f, 0.3333333f, 0.3333333f});
    }

    @Test
    void cosineEmbedding() {
        Tensor y = arena.allocate(Shape.of(2));
        y.copyFrom(new float[] {1, -1});
        Tensor losses = arena.allocate(Shape.of(2));
        Pair dx = new Pair(tensor(X), tensor(X));
        kernels.cosineEmbedding(new Limit(0.1f, 1), new Pair(x, tensor(DY)), y, losses, dx);
        assertClose("losses", losses, new float[] {0.2758995f, 0.861763f});
        assertClose(
                "dx1", dx.first(), new float[] {-0.1187369f, 0.2063297f, 0.1586403f, 0.087433f, 0.1614148f, 0.2421222f
                });
        assertClose("dx2", dx.second(), new float[] {
            0.04741134f, -0.0495664f, -0.2930883f, -0.02389473f, -0.02443779f, -0.07928707f
        });
    }

    @Test
    void anIgnoredTargetHasNoLossAndNoGradient() {
        targets.setInt(1, CrossEntropyOptions.IGNORE_INDEX);
        Tensor losses = arena.allocate(Shape.of(2));
        Tensor dx = tensor(DY);
        kernels.crossEntropy(options(0.1f), SHAPE, x, targets, losses, dx);
        assertThat(losses.getFloat(0)).isPositive();
        assertThat(losses.getFloat(1)).isZero();
        assertThat(dx.toFloats()).endsWith(0, 0, 0);
    }

    @Test
    void wrongSizesAndSettingsAreRefused() {
        Tensor losses = arena.allocate(Shape.of(2));
        assertThatThrownBy(() -> kernels.crossEntropy(options(0), ClassShape.rows(2, 4), x, targets, losses, x))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("logits: expected 8 elements for [2, 4, 1], found float32[2, 3]");
        assertThatThrownBy(() -> options(1.5f))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("label smoothing: expected 0 to 1, found 1.5");
        assertThatThrownBy(() -> kernels.bceWithLogits(losses, x, q, 1, tensor(X), tensor(X)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("posWeight: expected 3 elements for float32[2, 3], found float32[2]");
    }

    private CrossEntropyOptions options(float smoothing) {
        return new CrossEntropyOptions(1, CrossEntropyOptions.IGNORE_INDEX, smoothing, weight);
    }

    private void check(String name, BiConsumer<Tensor, Tensor> loss, float[] losses, float[] gradient) {
        Tensor actual = arena.allocate(Shape.of(losses.length));
        Tensor dx = tensor(X);
        loss.accept(actual, dx);
        assertClose(name, actual, losses);
        assertClose(name + " gradient", dx, gradient);
    }

    /** Within a few rounding errors of single precision. */
    private static void assertClose(String name, Tensor actual, float... expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual.getFloat(i))
                    .as("%s, element %d", name, i)
                    .isCloseTo(expected[i], Offset.offset(1e-6f * Math.max(1, Math.abs(expected[i]))));
        }
    }

    private Tensor tensor(float... values) {
        Tensor tensor = arena.allocate(Shape.of(2, 3));
        tensor.copyFrom(values);
        return tensor;
    }
}
