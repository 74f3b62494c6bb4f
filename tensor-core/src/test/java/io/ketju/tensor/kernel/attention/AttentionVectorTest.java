package io.ketju.tensor.kernel.attention;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.testing.Operand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attention gives the outputs and gradients of the scalar kernels, at any width of registers and number of threads. */
class AttentionVectorTest {
    private static final AttentionKernels SCALAR = new ScalarAttention();

    @ParameterizedTest
    @CsvSource({
        // batch, heads, queries, keys, width
        "1, 1, 1, 1, 1",
        "2, 3, 17, 33, 16",
        "1, 1, 64, 64, 64",
        "1, 1, 130, 70, 64",
        "2, 4, 66, 67, 24",
        "1, 1, 67, 7, 150",
        "1, 1, 3, 128, 128",
        "1, 1, 2, 97, 300",
        // several sections of queries, of heads that are cut and of heads that are not
        "1, 1, 600, 110, 6",
        "1, 1, 520, 600, 1",
        "8, 1, 520, 66, 1",
        "1, 1, 129, 1, 7",
        "0, 4, 5, 5, 8",
        "2, 2, 0, 5, 8",
        "2, 2, 5, 0, 8"
    })
    void sizes(int batch, int heads, int queries, int keys, int width) {
        Attention attention = Attention.of(new Attention.Sizes(batch, heads, queries, keys, width));
        for (int threads : new int[] {1, 3}) {
            try (TensorCore core = TensorCore.open(new TensorCoreOptions(threads, KernelChoice.VECTOR))) {
                AttentionKernels kernels = core.kernels().attention();
                compare(kernels, attention, false);
                compare(kernels, attention.causal(), true);
                compare(kernels, attention.withScale(-0.7f).withLengths(lengths(batch, keys)), false);
                compare(kernels, attention.causal().withLengths(lengths(batch, keys)), false);
                Attention.Sizes all = attention.sizes();
                Tensor hidden = mask(Shape.of(1, 1, queries, keys)).tensor;
                compare(kernels, attention.withMask(hidden), false);
                Operand added = Operand.uniform(3, "mask", Shape.of(batch, 1, queries, keys));
                compare(kernels, attention.causal().withMask(added.tensor), false);
                Tensor ofKeys = mask(Shape.of(batch, 1, 1, keys)).tensor;
                compare(kernels, attention.causal().withMask(ofKeys), false);
                Tensor factors = Operand.uniform(4, "factors", all.scoreShape()).tensor;
                Tensor ofHeads = mask(Shape.of(1, heads, queries, keys)).tensor;
                compare(kernels, attention.withFactors(factors), true);
                compare(
                        kernels,
                        attention.withMask(ofHeads).withFactors(factors).withLengths(lengths(batch, keys)),
                        false);
            }
        }
    }

    @Test
    void veryDifferentScores() {
        Attention attention =
                Attention.of(new Attention.Sizes(1, 1, 65, 130, 16)).withScale(300);
        try (TensorCore core = TensorCore.open(new TensorCoreOptions(1, KernelChoice.VECTOR))) {
            compare(core.kernels().attention(), attention, false);
            compare(core.kernels().attention(), attention.causal(), false);
        }
    }

    @Test
    void wrongOperandsAreNamed() {
        Attention attention = Attention.of(new Attention.Sizes(1, 2, 3, 4, 5));
        Tensor q = Operand.uniform(1, "q", Shape.of(1, 2, 3, 5)).tensor;
        Tensor k = Operand.uniform(1, "k", Shape.of(1, 2, 4, 5)).tensor;
        Tensor rows = Operand.uniform(1, "rows", Shape.of(1, 2, 3)).tensor;
        try (TensorCore core = TensorCore.open(new TensorCoreOptions(1, KernelChoice.VECTOR))) {
            for (AttentionKernels kernels :
                    new AttentionKernels[] {SCALAR, core.kernels().attention()}) {
                assertThatThrownBy(() -> kernels.forward(
                                attention, new Attention.Operands(q, k, q), new Attention.Result(q, rows)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("attention: expected v float32[1, 2, 4, 5], found float32[1, 2, 3, 5]");
                Tensor lengths = Operand.ints(Shape.of(1)).tensor;
                lengths.setInt(0, 5);
                assertThatThrownBy(() -> kernels.forward(
                                attention.withLengths(lengths),
                                new Attention.Operands(q, k, k),
                                new Attention.Result(q, rows)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("attention: expected a length from 0 to 4 of sample 0, found 5");
            }
        }
    }

    /** Every third key is hidden, and from some queries all are, as are all of the first block. */
    private static Operand mask(Shape shape) {
        Operand mask = Operand.ints(shape);
        int keys = shape.dimension(3);
        for (int at = 0; at < mask.tensor.elements(); at++) {
            int query = at / keys % 7;
            boolean seen = query != 3 && at % 3 > 0 && (query != 5 || at % keys >= AttentionKernels.KEY_BLOCK);
            mask.tensor.setInt(at, seen ? at : 0);
        }
        return mask;
    }

    /** From none to all keys. */
    private static Tensor lengths(int batch, int keys) {
        Tensor lengths = Operand.ints(Shape.of(batch)).tensor;
        for (int b = 0; b < batch; b++) {
            lengths.setInt(b, batch == 1 ? keys * 2 / 3 : keys * b / (batch - 1));
        }
        return lengths;
    }

    private static void compare(AttentionKernels kernels, Attention attention, boolean special) {
        Attention.Sizes sizes = attention.sizes();
        String what = attention + (special ? ", special values" : "");
        Operand q = special ? Operand.special(1, "q", sizes.queryShape()) : Operand.uniform(1, "q", sizes.queryShape());
        Operand k = Operand.uniform(2, "k", sizes.keyShape());
        Operand v = special ? Operand.special(3, "v", sizes.keyShape()) : Operand.uniform(3, "v", sizes.keyShape());
        Operand y = Operand.uniform(4, "y", sizes.queryShape());
        Operand expectedY = y.copy();
        Operand sums = Operand.uniform(5, "logSums", sizes.rowShape());
        Operand expectedSums = sums.copy();
        Attention.Operands in = new Attention.Operands(q.tensor, k.tensor, v.tensor);
        Attention.Result expected = new Attention.Result(expectedY.tensor, expectedSums.tensor);
        SCALAR.forward(attention, in, expected);
        kernels.forward(attention, in, new Attention.Result(y.tensor, sums.tensor));
        y.assertSameBits("y, " + what, expectedY);
        sums.assertSameBits("logSums, " + what, expectedSums);
        Operand dy = Operand.uniform(6, "dy", sizes.queryShape());
        Operand dq = Operand.uniform(7, "dq", sizes.queryShape());
        Operand dk = Operand.uniform(8, "dk", sizes.keyShape());
        Operand dv = Operand.uniform(9, "dv", sizes.keyShape());
        Operand expectedDq = dq.copy();
        Operand expectedDk = dk.copy();
        Operand expectedDv = dv.copy();
        Operand dscores = Operand.uniform(10, "dscores", sizes.scoreShape());
        Operand expectedScores = dscores.copy();
        boolean wanted = attention.mask() != null;
        SCALAR.backward(
                attention,
                in,
                expected,
                dy.tensor,
                new Attention.Gradients(
                        new Attention.Operands(expectedDq.tensor, expectedDk.tensor, expectedDv.tensor),
                        wanted ? expectedScores.tensor : null));
        kernels.backward(
                attention,
                in,
                expected,
                dy.tensor,
                new Attention.Gradients(
                        new Attention.Operands(dq.tensor, dk.tensor, dv.tensor), wanted ? dscores.tensor : null));
        dscores.assertSameBits("dscores, " + what, expectedScores);
        dq.assertSameBits("dq, " + what, expectedDq);
        dk.assertSameBits("dk, " + what, expectedDk);
        dv.assertSameBits("dv, " + what, expectedDv);
    }
}
