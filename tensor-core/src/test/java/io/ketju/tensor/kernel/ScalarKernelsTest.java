package io.ketju.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.convolution.Conv2dShape;
import io.ketju.tensor.kernel.matrix.GemmShape;
import io.ketju.tensor.kernel.matrix.MatrixKernels;
import io.ketju.tensor.kernel.pooling.PoolAxis;
import io.ketju.tensor.kernel.pooling.PoolWindow;
import io.ketju.tensor.kernel.update.AdamStep;
import io.ketju.tensor.kernel.update.SgdStep;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.random.CounterRandom;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The scalar kernels against PyTorch in double (src/test/golden/kernels.py), and the order of their sums. */
class ScalarKernelsTest {
    private static final TensorArena ARENA = new TensorArena(4 << 20);
    private static final Map<String, Tensor> GOLDEN = read();
    private static final Conv2dShape.Window WINDOW = new Conv2dShape.Window(3, 2, 2, 1, 1, 0);
    private static final PoolWindow POOLING = new PoolWindow(PoolAxis.of(3, 2, 1), PoolAxis.of(2, 1, 0));
    private static final Conv2dShape CONVOLUTION = new Conv2dShape(2, 3, 7, 6, 4, WINDOW);

    private final Kernels kernels = Kernels.scalar();

    @AfterAll
    static void close() {
        ARENA.close();
    }

    @Test
    void productsOfEveryLayout() {
        Tensor a = golden("gemm.a");
        Tensor b = golden("gemm.b");
        Tensor c = result(3, 5);
        kernels.matrix().gemmBias(GemmShape.nn(3, 5, 300), a, b, golden("gemm.bias"), c);
        assertClose(c, golden("gemm.c"));
        float[] nn = c.toFloats();
        kernels.matrix().gemmBias(GemmShape.nt(3, 5, 300), a, transposed(b, 300, 5), golden("gemm.bias"), c);
        assertThat(c.toFloats()).containsExactly(nn);
        Tensor tn = result(3, 5);
        kernels.matrix().gemm(GemmShape.tn(3, 5, 300), transposed(a, 3, 300), b, tn);
        for (int i = 0; i < nn.length; i++) {
            assertThat(tn.getFloat(i) + golden("gemm.bias").getFloat(i % 5)).isEqualTo(nn[i]);
        }
    }

    /** A full chain and a chain of 44, added to what is there one after the other. */
    @Test
    void accumulatesChainByChain() {
        int length = MatrixKernels.K_BLOCK + 44;
        Tensor a = result(3, length);
        Tensor b = result(length, 5);
        CounterRandom.of(1, "a").fillUniform(a, -1, 1);
        CounterRandom.of(1, "b").fillUniform(b, -1, 1);
        Tensor c = filled(1000, 3, 5);
        kernels.matrix().gemmAccumulate(GemmShape.nn(3, 5, length), a, b, c);
        int differing = 0;
        for (int i = 0; i < 15; i++) {
            float first = chain(a, b, i, 0, MatrixKernels.K_BLOCK);
            float second = chain(a, b, i, MatrixKernels.K_BLOCK, length);
            assertThat(c.getFloat(i)).as("element %d", i).isEqualTo(1000 + first + second);
            differing += 1000 + first + second == 1000 + (first + second) ? 0 : 1;
        }
        assertThat(differing).isPositive();
    }

    private static float chain(Tensor a, Tensor b, int element, int from, int to) {
        int length = a.shape().dimension(1);
        float chain = 0;
        for (int k = from; k < to; k++) {
            chain = Math.fma(a.getFloat(element / 5 * length + k), b.getFloat(k * 5 + element % 5), chain);
        }
        return chain;
    }

    @Test
    void anEmptySumIsZeroPlusBias() {
        Tensor c = result(2, 2);
        kernels.matrix().gemmBias(GemmShape.nn(2, 2, 0), result(2, 0), result(0, 2), filled(3, 2), c);
        assertThat(c.toFloats()).containsOnly(3f);
    }

    @Test
    void sumsOfRows() {
        Tensor sums = filled(1, 2);
        Tensor x = result(3, 2);
        x.copyFrom(new float[] {1, 10, 2, 20, 3, 30});
        kernels.matrix().sumRowsAccumulate(x, sums);
        assertThat(sums.toFloats()).containsExactly(7, 61);
    }

    @Test
    void convolution() {
        Tensor y = result(2, 4, 4, 5);
        kernels.convolution().conv2dForward(CONVOLUTION, golden("conv.x"), golden("conv.w"), golden("conv.bias"), y);
        assertClose(y, golden("conv.y"));
        Tensor dx = filled(-777, 2, 3, 7, 6);
        kernels.convolution().conv2dBackwardInput(CONVOLUTION, golden("conv.dy"), golden("conv.w"), dx);
        assertClose(dx, golden("conv.dx"));
        Tensor dw = result(4, 3, 3, 2);
        kernels.convolution().conv2dBackwardWeight(CONVOLUTION, golden("conv.x"), golden("conv.dy"), dw);
        assertClose(dw, golden("conv.dw"));
        Tensor db = result(4);
        kernels.convolution().conv2dBackwardBias(CONVOLUTION, golden("conv.dy"), db);
        assertClose(db, golden("conv.db"));
    }

    @Test
    void weightGradientsOfTwoCallsEqualThoseOfOneBatch() {
        Tensor whole = result(4, 3, 3, 2);
        kernels.convolution().conv2dBackwardWeight(CONVOLUTION, golden("conv.x"), golden("conv.dy"), whole);
        Tensor parts = result(4, 3, 3, 2);
        Conv2dShape one = new Conv2dShape(1, 3, 7, 6, 4, WINDOW);
        for (int n = 0; n < 2; n++) {
            kernels.convolution()
                    .conv2dBackwardWeight(
                            one,
                            golden("conv.x").samples(n, 1),
                            golden("conv.dy").samples(n, 1),
                            parts);
        }
        assertThat(parts.toFloats()).containsExactly(whole.toFloats());
    }

    @Test
    void maxPooling() {
        Tensor y = result(2, 3, 4, 5);
        Tensor argmax = ARENA.allocate(DType.INT32, y.shape());
        kernels.pooling().maxPool2dForward(POOLING, golden("pool.x"), y, argmax);
        assertThat(y.toFloats()).containsExactly(golden("pool.y").toFloats());
        for (int i = 0; i < argmax.elements(); i++) {
            assertThat(argmax.getInt(i)).isEqualTo(golden("pool.argmax").getInt(i));
        }
        Tensor dx = filled(-777, 2, 3, 7, 6);
        kernels.pooling().maxPool2dBackward(golden("pool.dy"), argmax, dx);
        assertClose(dx, golden("pool.dx"));
    }

    @Test
    void maxPoolingPrefersTheFirstAndNaN() {
        Tensor x = result(1, 1, 2, 4);
        x.copyFrom(new float[] {5, 5, 1, Float.NaN, 5, 5, Float.NaN, 9});
        Tensor y = result(1, 1, 1, 2);
        Tensor argmax = ARENA.allocate(DType.INT32, y.shape());
        kernels.pooling().maxPool2dForward(PoolWindow.square(2, 2, 0), x, y, argmax);
        assertThat(y.getFloat(0)).isEqualTo(5);
        assertThat(argmax.getInt(0)).isZero();
        assertThat(y.getFloat(1)).isNaN();
        assertThat(argmax.getInt(1)).isEqualTo(3);
    }

    @Test
    void relu() {
        Tensor x = result(5);
        x.copyFrom(new float[] {-1, -0f, 0, 2, Float.NaN});
        kernels.activation().reluForward(x, x);
        assertThat(Float.floatToRawIntBits(x.getFloat(1))).isZero();
        assertThat(x.toFloats()).containsExactly(0, 0, 0, 2, Float.NaN);
        Tensor dy = filled(7, 5);
        kernels.activation().reluBackward(x, dy, dy);
        assertThat(dy.toFloats()).containsExactly(0, 0, 0, 7, 0);
    }

    @Test
    void softmaxAndCrossEntropy() {
        Tensor logits = golden("loss.logits");
        Tensor targets = golden("loss.targets");
        Tensor losses = result(6);
        Tensor dlogits = result(6, 11);
        kernels.loss().crossEntropy(logits, targets, 1f / 6, losses, dlogits);
        assertClose(losses, golden("loss.losses"));
        assertClose(dlogits, golden("loss.dlogits"));
        kernels.softmax().softmaxForward(logits, dlogits);
        assertClose(dlogits, golden("loss.softmax"));
        assertThat(kernels.loss().countCorrect(logits, targets))
                .isEqualTo(golden("loss.correct").getInt(0));
    }

    @Test
    void aTargetThatIsNoClassIsNamed() {
        Tensor targets = ARENA.allocate(DType.INT32, Shape.of(6));
        targets.setInt(4, 11);
        assertThatThrownBy(
                        () -> kernels.loss().crossEntropy(golden("loss.logits"), targets, 1, result(6), result(6, 11)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("target 11 in row 4 is not a class index from 0 to 10");
    }

    @Test
    void operandsOfDifferentSizesAreRefused() {
        assertThatThrownBy(() -> kernels.activation().exp(result(3), result(4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("operands differ in size: float32[3] and float32[4]");
    }

    @Test
    void sgd() {
        Tensor buffer = filled(-777, 37);
        steps("sgd", step -> (w, dw) -> kernels.update().sgd(new SgdStep(0.1, 0, 0, 0, false, step == 1), w, dw, null));
        steps(
                "sgd-momentum",
                step -> (w, dw) ->
                        kernels.update().sgd(new SgdStep(0.1, 0.9, 0.3, 0.01, false, step == 1), w, dw, buffer));
        steps(
                "sgd-nesterov",
                step -> (w, dw) -> kernels.update().sgd(new SgdStep(0.1, 0.9, 0, 0, true, step == 1), w, dw, buffer));
    }

    @Test
    void adam() {
        Tensor m = result(37);
        Tensor v = result(37);
        steps(
                "adam",
                step -> (w, dw) -> kernels.update().adam(new AdamStep(0.01, 0.9, 0.999, 1e-8, 0, step), w, dw, m, v));
        m.clear();
        v.clear();
        steps(
                "adam-decay",
                step -> (w, dw) -> kernels.update().adam(new AdamStep(0.01, 0.4, 0.99, 1e-3, 0.1, step), w, dw, m, v));
    }

    private static void steps(String name, LongFunction<BiConsumer<Tensor, Tensor>> update) {
        Tensor w = result(37);
        w.copyFrom(golden(name + ".w0"));
        for (int step = 1; step <= 4; step++) {
            update.apply(step).accept(w, golden(name + ".dw" + step));
            assertClose(w, golden(name + ".w" + step));
        }
    }

    /** Within some rounding errors of sums of up to 300 terms of size 1. */
    private static void assertClose(Tensor actual, Tensor expected) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        for (int i = 0; i < actual.elements(); i++) {
            float wanted = expected.getFloat(i);
            assertThat(actual.getFloat(i))
                    .as("element %d", i)
                    .isCloseTo(wanted, org.assertj.core.data.Offset.offset(2e-6f * Math.max(1, Math.abs(wanted))));
        }
    }

    private static Tensor transposed(Tensor x, int rows, int columns) {
        Tensor result = result(columns, rows);
        for (int i = 0; i < x.elements(); i++) {
            result.setFloat(i % columns * rows + i / columns, x.getFloat(i));
        }
        return result;
    }

    private static Tensor result(int... dimensions) {
        return filled(0, dimensions);
    }

    private static Tensor filled(float value, int... dimensions) {
        Tensor tensor = ARENA.allocate(Shape.of(dimensions));
        for (int i = 0; i < tensor.elements(); i++) {
            tensor.setFloat(i, value);
        }
        return tensor;
    }

    private static Tensor golden(String name) {
        return Objects.requireNonNull(GOLDEN.get(name), name);
    }

    private static Map<String, Tensor> read() {
        try (var stream = Objects.requireNonNull(ScalarKernelsTest.class.getResourceAsStream("/golden/kernels.txt"));
                var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .map(line -> line.split(" ", -1))
                    .collect(Collectors.toMap(words -> words[0], ScalarKernelsTest::tensor));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Tensor tensor(String[] words) {
        int[] dimensions = Arrays.stream(words[1].split(",", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
        boolean integers = words[0].matches("pool.argmax|loss.targets|loss.correct");
        Tensor tensor = ARENA.allocate(integers ? DType.INT32 : DType.FLOAT32, Shape.of(dimensions));
        for (int i = 0; i < tensor.elements(); i++) {
            if (integers) {
                tensor.setInt(i, Integer.parseInt(words[i + 2]));
            } else {
                tensor.setFloat(i, Float.parseFloat(words[i + 2]));
            }
        }
        return tensor;
    }
}
