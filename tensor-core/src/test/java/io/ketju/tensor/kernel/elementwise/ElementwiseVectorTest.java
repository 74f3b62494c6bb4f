package io.ketju.tensor.kernel.elementwise;

import io.ketju.tensor.Shape;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.testing.InlineTiles;
import io.ketju.tensor.testing.Operand;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Vector arithmetic against the scalar one, bit for bit. Runs at every vector width. */
class ElementwiseVectorTest {
    private static final int[] SIZES = {0, 1, 7, 15, 16, 17, 33, 100};

    private final ElementwiseKernels scalar = new ScalarElementwise();
    private final ElementwiseKernels vector = new VectorElementwise(new InlineTiles());

    /** A kernel with two inputs and one output, all of one size. */
    private interface Call {
        void run(ElementwiseKernels kernels, Operand a, Operand b, Operand y);
    }

    @Test
    void functionsOfOneNumber() {
        for (Unary function : Unary.values()) {
            same("" + function, (kernels, a, b, y) -> kernels.unary(function, a.tensor, y.tensor));
        }
    }

    @Test
    void functionsOfTwoNumbers() {
        for (Binary function : Binary.values()) {
            same("" + function, (kernels, a, b, y) -> kernels.binary(function, a.tensor, b.tensor, y.tensor));
        }
    }

    @Test
    void functionsWithParameters() {
        same("scale", (kernels, a, b, y) -> kernels.scale(0.3f, a.tensor, y.tensor));
        same("addScaled", (kernels, a, b, y) -> kernels.addScaled(-0.7f, a.tensor, y.tensor));
        same("addScalar", (kernels, a, b, y) -> kernels.addScalar(0.1f, a.tensor, y.tensor));
        same("clamp", (kernels, a, b, y) -> kernels.clamp(-0.5f, 0.25f, a.tensor, y.tensor));
        same("clampBackward", (kernels, a, b, y) -> kernels.clampBackward(-0.5f, 0.25f, a.tensor, b.tensor, y.tensor));
        same("fill", (kernels, a, b, y) -> kernels.fill(-0f, y.tensor));
        same("copy", (kernels, a, b, y) -> kernels.copy(a.tensor, y.tensor));
        for (float weight : new float[] {0, 0.3f, 0.5f, 0.9f, 1}) {
            same("lerp " + weight, (kernels, a, b, y) -> kernels.lerp(weight, a.tensor, b.tensor, y.tensor));
        }
        for (float exponent : new float[] {0, 1, 2, -1.5f, 3, Float.NaN}) {
            same("pow " + exponent, (kernels, a, b, y) -> kernels.pow(exponent, a.tensor, y.tensor));
            same(
                    "powBackward " + exponent,
                    (kernels, a, b, y) -> kernels.powBackward(exponent, a.tensor, b.tensor, y.tensor));
        }
    }

    @Test
    void choices() {
        same("where", (kernels, a, b, y) -> kernels.where(a.tensor, b.tensor, y.tensor, y.tensor));
        same("masked", (kernels, a, b, y) -> kernels.maskedFill(0.5f, a.tensor, b.tensor, y.tensor));
        for (int size : SIZES) {
            Operand a = Operand.special(size, "a", Shape.of(size));
            Operand b = Operand.special(size, "b", Shape.of(size));
            for (int i = 0; i < size; i += 2) {
                b.tensor.setFloat(i, a.tensor.getFloat(i));
            }
            Operand dy = Operand.uniform(size, "dy", Shape.of(size));
            Operand[] expected = gradients(scalar, a, b, dy);
            Operand[] actual = gradients(vector, a, b, dy);
            for (int i = 0; i < expected.length; i++) {
                actual[i].assertSameBits("gradient " + i + " of " + size, expected[i]);
            }
        }
    }

    private static Operand[] gradients(ElementwiseKernels kernels, Operand a, Operand b, Operand dy) {
        Operand[] results = IntStream.range(0, 7).mapToObj(i -> dy.copy()).toArray(Operand[]::new);
        kernels.minBackward(a.tensor, b.tensor, dy.tensor, results[0].tensor, results[1].tensor);
        kernels.maxBackward(a.tensor, b.tensor, dy.tensor, results[2].tensor, results[3].tensor);
        kernels.whereBackward(a.tensor, dy.tensor, results[4].tensor, results[5].tensor);
        kernels.sumOfProducts(a.tensor, dy.tensor, b.tensor, results[0].tensor, results[6].tensor);
        return results;
    }

    @Test
    void rowsAndColumns() {
        for (int columns : new int[] {1, 3, 16, 17, 40}) {
            for (int rows : new int[] {0, 1, 6, 30}) {
                Operand x = Operand.special(rows, "x", Shape.of(rows, columns));
                Operand expected = Operand.uniform(1, "y", x.tensor.shape());
                Operand actual = Operand.uniform(2, "y", x.tensor.shape());
                Operand row = Operand.uniform(3, "row", Shape.of(columns));
                scalar.addRow(x.tensor, row.tensor, expected.tensor);
                vector.addRow(x.tensor, row.tensor, actual.tensor);
                actual.assertSameBits("addRow " + rows + " x " + columns, expected);
                Operand column = Operand.uniform(4, "column", Shape.of(rows == 0 ? 4 : Math.ceilDiv(rows, 2)));
                scalar.addColumn(columns, x.tensor, column.tensor, expected.tensor);
                vector.addColumn(columns, x.tensor, column.tensor, x.tensor);
                x.assertSameBits("addColumn in place " + rows + " x " + columns, expected);
            }
        }
    }

    @Test
    void severalTilesOnSeveralThreads() {
        int size = 2 * Ranges.TILE + 5;
        Operand x = Operand.special(1, "x", Shape.of(size));
        Operand dy = Operand.special(2, "dy", Shape.of(size));
        Operand expected = dy.copy();
        scalar.addScaled(0.5f, x.tensor, expected.tensor);
        for (int threads : new int[] {1, 3}) {
            try (TensorCore core = TensorCore.open(new TensorCoreOptions(threads, KernelChoice.VECTOR))) {
                Operand actual = dy.copy();
                core.kernels().elementwise().addScaled(0.5f, x.tensor, actual.tensor);
                actual.assertSameBits("addScaled with threads " + threads, expected);
            }
        }
    }

    /** Also with the output in place of either input. */
    private void same(String name, Call call) {
        for (int size : SIZES) {
            Operand a = Operand.special(size, "a", Shape.of(size));
            Operand b = Operand.special(size, "b", Shape.of(size));
            Operand start = Operand.uniform(size, "y", Shape.of(size));
            Operand expected = start.copy();
            Operand actual = start.copy();
            call.run(scalar, a, b, expected);
            call.run(vector, a, b, actual);
            actual.assertSameBits(name + " of " + size, expected);
            Operand first = a.copy();
            Operand inFirst = a.copy();
            call.run(scalar, first, b, first);
            call.run(vector, inFirst, b, inFirst);
            inFirst.assertSameBits(name + " into a of " + size, first);
            Operand inSecond = b.copy();
            Operand second = b.copy();
            call.run(scalar, a, second, second);
            call.run(vector, a, inSecond, inSecond);
            inSecond.assertSameBits(name + " into b of " + size, second);
        }
    }
}
