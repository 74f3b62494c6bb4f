package io.ketju.tensor.kernel.formula;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.kernel.formula.Expression.Element;
import io.ketju.tensor.simd.Elements;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.testing.InlineTiles;
import io.ketju.tensor.testing.Operand;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Compiled formulas against interpreted ones, bit for bit, guards included. At every vector width. */
class FormulaVectorTest {
    private static final int FORMULAS = 300;
    private static final int[] SIZES = {0, 1, 3, 4, 7, 8, 15, 16, 17, 33, 100};
    private static final int LARGE = Ranges.TILE + 19;
    /** Every so many formulas go over several tiles. */
    private static final int LARGE_EVERY = 30;

    private final InlineTiles inline = new InlineTiles();

    @Test
    void randomFormulas() {
        for (long seed = 0; seed < FORMULAS; seed++) {
            RandomFormula random = new RandomFormula(seed);
            for (int size : SIZES) {
                compare(seed, random, size);
            }
        }
    }

    @Test
    void severalTilesOnSeveralThreads() {
        try (TensorCore threads = TensorCore.open(3)) {
            for (long seed = 0; seed < FORMULAS; seed += LARGE_EVERY) {
                RandomFormula random = new RandomFormula(seed);
                compare(seed, random, LARGE);
                Operand[] expected = operands(seed, random, LARGE);
                Operand[] actual = operands(seed, random, LARGE);
                FormulaCall call = random.formula.with(random.numbers);
                call.interpret(tensors(expected));
                threads.kernels().update().run(call, tensors(actual));
                same("threads, seed " + seed, actual, expected);
            }
        }
    }

    /** A formula of four operands and as many loops, whose steps hold fewer elements than the others'. */
    @Test
    void manyStoredValues() {
        Formula formula = Formula.of("stored", f -> {
            Element a = f.operand("a");
            Element b = f.operand("b");
            Element c = f.operand("c");
            Element d = f.operand("d");
            Expression first = a.times(b).stored();
            Expression exponential = first.minus(c).stored().exp().stored();
            f.set(c, exponential.plus(first).plus(c).stored());
            f.set(d, first.magnitude().root().minus(d));
        });
        Operand[] start = IntStream.range(0, 4)
                .mapToObj(i -> Operand.special(i, "stored", Shape.of(LARGE)))
                .toArray(Operand[]::new);
        Operand[] expected = copies(start);
        Operand[] actual = copies(start);
        formula.with().interpret(tensors(expected));
        formula.with().run(inline, tensors(actual));
        same("stored", actual, expected);
    }

    @Test
    void operandsMayBeOneAndTheSame() {
        Formula formula = Formula.of("same", f -> {
            Element x = f.operand("x");
            Element dy = f.operand("dy");
            f.set(f.operand("dx"), x.isAbove(0).choose(dy, x));
        });
        Operand expected = Operand.special(1, "same", Shape.of(33));
        Operand actual = expected.copy();
        formula.with().interpret(expected.tensor, expected.tensor, expected.tensor);
        formula.with().run(inline, actual.tensor, actual.tensor, actual.tensor);
        actual.assertSameBits("one tensor", expected);
    }

    /** As kernels use it that have short rows in the cache. */
    @Test
    void loopsOfRows() {
        Formula formula = Formula.of("rows", f -> {
            Element x = f.operand("x");
            Element dy = f.operand("dy");
            f.set(
                    f.operand("dx"),
                    dy.times(x.times(f.scalar("factor")).stored().exp().stored()));
        });
        FormulaCall call = formula.with(0.5f);
        long mark = inline.scratch().mark();
        long spare = inline.scratch().address(Elements.SPARE_BYTES);
        for (int size : SIZES) {
            Operand x = Operand.special(1, "x", Shape.of(size));
            Operand expected = Operand.special(2, "dy", Shape.of(size));
            Operand actual = expected.copy();
            call.interpret(x.tensor, expected.tensor, expected.tensor);
            long dy = VectorMemory.address(actual.tensor);
            Elements.run(call.loop(), VectorMemory.address(x.tensor), dy, dy, size, spare);
            actual.assertSameBits("size " + size, expected);
        }
        inline.scratch().release(mark);
    }

    @Test
    void wrongCallsAreRefused() {
        Formula formula = Formula.of("half", f -> {
            Element x = f.operand("x");
            f.set(x, x.times(f.scalar("factor")));
        });
        Tensor four = Operand.uniform(1, "x", Shape.of(4)).tensor;
        assertThatThrownBy(formula::with)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("half: expected numbers for [factor], found 0 of them");
        assertThatThrownBy(() -> formula.with(1).run(inline, four, four))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("half: expected operands [x], found 2 of them");
        assertThatThrownBy(() -> Formula.of("nothing", f -> f.operand("x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one result");
    }

    private void compare(long seed, RandomFormula random, int size) {
        FormulaCall call = random.formula.with(random.numbers);
        Operand[] expected = operands(seed, random, size);
        Operand[] actual = operands(seed, random, size);
        call.interpret(tensors(expected));
        call.run(inline, tensors(actual));
        same("seed " + seed + ", size " + size, actual, expected);
    }

    private static void same(String what, Operand[] actual, Operand[] expected) {
        for (int i = 0; i < actual.length; i++) {
            actual[i].assertSameBits(what + ", operand " + i, expected[i]);
        }
    }

    private static Operand[] operands(long seed, RandomFormula random, int size) {
        return IntStream.range(0, random.operands)
                .mapToObj(i -> Operand.special(seed, "operand " + i, Shape.of(size)))
                .toArray(Operand[]::new);
    }

    private static Operand[] copies(Operand[] operands) {
        return List.of(operands).stream().map(Operand::copy).toArray(Operand[]::new);
    }

    private static Tensor[] tensors(Operand[] operands) {
        return List.of(operands).stream().map(operand -> operand.tensor).toArray(Tensor[]::new);
    }
}
