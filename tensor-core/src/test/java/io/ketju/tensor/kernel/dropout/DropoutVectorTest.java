package io.ketju.tensor.kernel.dropout;

import io.ketju.tensor.Shape;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.random.CounterRandom;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.testing.InlineTiles;
import io.ketju.tensor.testing.Operand;
import org.junit.jupiter.api.Test;

/** Vector dropout against the scalar one, bit for bit. Runs at every vector width. */
class DropoutVectorTest {
    private final DropoutKernels scalar = new ScalarDropout();
    private final DropoutKernels vector = new VectorDropout(new InlineTiles());

    @Test
    void everySizeFromEveryIndex() {
        for (int size : new int[] {0, 1, 5, 31, 32, 33, 64, 100, 257}) {
            for (long first : new long[] {0, 1, 17, 31, 32, 1000, (1L << 34) * 8 - 40}) {
                for (float p : new float[] {0.25f, 0.5f}) {
                    same(vector, new DropoutMask(CounterRandom.of(size, "dropout"), first, p), size);
                }
            }
        }
    }

    @Test
    void probabilitiesZeroAndOne() {
        for (float p : new float[] {0, 0x1p-30f, 0x1.fffffep-1f, 1}) {
            same(vector, new DropoutMask(CounterRandom.of(-9, "ends"), 3, p), 75);
        }
    }

    @Test
    void severalTilesOnSeveralThreads() {
        DropoutMask mask = new DropoutMask(CounterRandom.of(7, "tiles"), 11, 0.1f);
        for (int threads : new int[] {1, 3}) {
            try (TensorCore core = TensorCore.open(new TensorCoreOptions(threads, KernelChoice.VECTOR))) {
                same(core.kernels().dropout(), mask, 2 * Ranges.TILE + 5);
            }
        }
    }

    @Test
    void channels() {
        for (int inner : new int[] {1, 5, 16, 49}) {
            DropoutMask mask = new DropoutMask(CounterRandom.of(inner, "channels"), 20, 0.5f);
            Operand x = Operand.special(inner, "x", Shape.of(2, 9, inner));
            Operand expected = Operand.uniform(1, "y", x.tensor.shape());
            scalar.channels(mask, inner, x.tensor, expected.tensor);
            vector.channels(mask, inner, x.tensor, x.tensor);
            x.assertSameBits("channels of " + inner, expected);
        }
    }

    @Test
    void numbersThemselves() {
        for (int size : new int[] {0, 1, 31, 32, 100, 2 * Ranges.TILE + 5}) {
            for (long first : new long[] {0, 17, 1000}) {
                DropoutMask mask = new DropoutMask(CounterRandom.of(size, "numbers"), first, 0.5f);
                Operand expected = Operand.uniform(1, "y", Shape.of(size));
                Operand actual = Operand.uniform(2, "y", Shape.of(size));
                scalar.uniform(mask, 0.125f, 1 / 3f, expected.tensor);
                vector.uniform(mask, 0.125f, 1 / 3f, actual.tensor);
                actual.assertSameBits(size + " numbers from " + first, expected);
            }
        }
    }

    private void same(DropoutKernels kernels, DropoutMask mask, int size) {
        Operand x = Operand.special(size, "x", Shape.of(size));
        Operand expected = Operand.uniform(1, "y", Shape.of(size));
        Operand actual = Operand.uniform(2, "y", Shape.of(size));
        scalar.forward(mask, x.tensor, expected.tensor);
        kernels.forward(mask, x.tensor, actual.tensor);
        actual.assertSameBits(size + " from " + mask.first() + " with p " + mask.p(), expected);
        kernels.backward(mask, x.tensor, x.tensor);
        x.assertSameBits("in place, " + size + " from " + mask.first() + " with p " + mask.p(), expected);
    }
}
