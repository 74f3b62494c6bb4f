package io.ketju.tensor.kernel.elementwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.testing.InlineTiles;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rounding to bfloat16 and back. Runs at every vector width. */
class Bfloat16Test {
    private static final int[] SIZES = {0, 1, 2, 3, 7, 15, 16, 17, 31, 32, 33, 100, 101, 2 * Ranges.TILE + 3};

    private final TensorArena arena = new TensorArena(1 << 22);
    private final ElementwiseKernels scalar = new ScalarElementwise();
    private final ElementwiseKernels vector = new VectorElementwise(new InlineTiles());

    @AfterEach
    void free() {
        arena.close();
    }

    private Tensor ints(int count) {
        return arena.allocate(DType.INT32, Shape.of(count));
    }

    private Tensor floats(int count) {
        return arena.allocate(DType.FLOAT32, Shape.of(count));
    }

    private int rounded(int bits) {
        Tensor x = floats(1);
        x.setInt(0, bits);
        Tensor pairs = ints(1);
        scalar.packBfloat16(x, pairs);
        assertThat(pairs.getInt(0) >>> 16).as("no second element").isZero();
        return pairs.getInt(0);
    }

    @Test
    void toTheNearestAndTheEvenOneOfTwo() {
        assertThat(rounded(0x3f800000)).as("1").isEqualTo(0x3f80);
        assertThat(rounded(0x3f807fff)).as("a little below half").isEqualTo(0x3f80);
        assertThat(rounded(0x3f808000)).as("half, even below").isEqualTo(0x3f80);
        assertThat(rounded(0x3f808001)).as("a little above half").isEqualTo(0x3f81);
        assertThat(rounded(0x3f818000)).as("half, even above").isEqualTo(0x3f82);
        assertThat(rounded(0xbf818000)).as("negative").isEqualTo(0xbf82);
        assertThat(rounded(0x80000000)).as("negative zero").isEqualTo(0x8000);
        assertThat(rounded(0x00000001)).as("least denormal").isZero();
        assertThat(rounded(0x007fffff)).as("largest denormal").isEqualTo(0x0080);
        assertThat(rounded(0x7f7fffff)).as("largest float").isEqualTo(0x7f80);
        assertThat(rounded(0x7f800000)).as("infinity").isEqualTo(0x7f80);
        assertThat(rounded(0xff800000)).as("negative infinity").isEqualTo(0xff80);
    }

    @Test
    void aNaNStaysOneAndIsQuiet() {
        assertThat(rounded(0x7fc00000)).isEqualTo(0x7fc0);
        assertThat(rounded(0x7f800001))
                .as("signalling, nothing of it in the upper half")
                .isEqualTo(0x7fc0);
        assertThat(rounded(0xffffffff)).isEqualTo(0xffff);
        assertThat(rounded(0x7fbfffff)).isEqualTo(0x7fff);
    }

    /** What was rounded once is rounded no more: a value may cross several cuts. */
    @Test
    void whatIsBfloat16AlreadyStays() {
        Tensor x = floats(1 << 16);
        Tensor pairs = ints(1 << 15);
        Tensor back = floats(1 << 16);
        for (int bits = 0; bits < 1 << 16; bits++) {
            x.setInt(bits, bits << 16);
        }
        scalar.packBfloat16(x, pairs);
        scalar.unpackBfloat16(pairs, back);
        for (int bits = 0; bits < 1 << 16; bits++) {
            boolean nan = Float.isNaN(x.getFloat(bits));
            assertThat(back.getInt(bits)).isEqualTo(nan ? (bits << 16) | 0x400000 : bits << 16);
        }
    }

    @Test
    void vectorsHaveTheBitsOfScalars() {
        for (int size : SIZES) {
            long seed = size + 5L;
            SplittableRandom random = new SplittableRandom(seed);
            Tensor x = floats(size);
            for (int i = 0; i < size; i++) {
                x.setInt(i, i % 5 == 0 ? random.nextInt() | 0x7f800000 : random.nextInt());
            }
            Tensor expected = ints((size + 1) / 2);
            Tensor found = ints((size + 1) / 2);
            scalar.packBfloat16(x, expected);
            vector.packBfloat16(x, found);
            same("pairs", seed, expected, found);
            Tensor wide = floats(size);
            Tensor wideFound = floats(size);
            scalar.unpackBfloat16(expected, wide);
            vector.unpackBfloat16(expected, wideFound);
            same("floats", seed, wide, wideFound);
        }
    }

    private static void same(String what, long seed, Tensor expected, Tensor found) {
        for (int i = 0; i < expected.elements(); i++) {
            assertThat(found.getInt(i))
                    .as("%s, seed %d, element %d", what, seed, i)
                    .isEqualTo(expected.getInt(i));
        }
    }

    @Test
    void sizesAreChecked() {
        for (ElementwiseKernels kernels : new ElementwiseKernels[] {scalar, vector}) {
            assertThatThrownBy(() -> kernels.packBfloat16(floats(5), ints(2)))
                    .hasMessageContaining("expected pairs of bfloat16 as int32, half as many as");
            assertThatThrownBy(() -> kernels.unpackBfloat16(floats(3), floats(5)))
                    .hasMessageContaining("expected pairs of bfloat16 as int32");
        }
    }
}
