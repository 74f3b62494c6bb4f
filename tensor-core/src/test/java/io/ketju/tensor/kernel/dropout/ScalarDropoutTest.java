package io.ketju.tensor.kernel.dropout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.random.CounterRandom;
import java.util.BitSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The definition of dropout: how many it keeps, what it makes of them, and that a part is a part of the whole. */
class ScalarDropoutTest {
    private static final int COUNT = 20_000;

    private final TensorArena arena = new TensorArena(1 << 20);
    private final DropoutKernels kernels = new ScalarDropout();
    private final CounterRandom random = CounterRandom.of(42, "dropout");

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void keepsTheExpectedShareAndScalesIt() {
        for (float p : new float[] {0.1f, 0.5f, 0.9f}) {
            Tensor x = ones(COUNT);
            kernels.forward(new DropoutMask(random, 0, p), x, x);
            int kept = 0;
            for (float value : x.toFloats()) {
                assertThat(value).as("p %s", p).isIn(0f, (float) (1 / (1 - (double) p)));
                kept += value == 0 ? 0 : 1;
            }
            // Five standard deviations are below 0.018.
            assertThat(kept / (double) COUNT).as("p %s", p).isCloseTo(1 - (double) p, within(0.018));
        }
    }

    @Test
    void zeroKeepsAllAndOneNone() {
        Tensor x = ones(100);
        kernels.forward(new DropoutMask(random, 0, 0), x, x);
        assertThat(x.toFloats()).containsOnly(1);
        x.setFloat(3, Float.NaN);
        kernels.forward(new DropoutMask(random, 0, 1), x, x);
        assertThat(x.toFloats()).containsOnly(0);
    }

    @Test
    void aPartOfTheElementsGetsItsPartOfTheMask() {
        Tensor whole = ones(300);
        kernels.forward(new DropoutMask(random, 0, 0.5f), whole, whole);
        Tensor part = ones(100);
        kernels.forward(new DropoutMask(random, 137, 0.5f), part, part);
        for (int i = 0; i < 100; i++) {
            assertThat(part.getFloat(i)).as("element %d", i).isEqualTo(whole.getFloat(137 + i));
        }
    }

    @Test
    void everyRandomNumberIsUsedOnce() {
        BitSet used = new BitSet();
        for (int index = 0; index < 64; index++) {
            for (int j = 0; j < 64; j++) {
                // A mask that keeps everything from the number of j on keeps the element that uses it.
                float number = random.uniform(j);
                boolean uses = new DropoutMask(random, index, number).keeps(0)
                        && !new DropoutMask(random, index, number + 0x1p-24f).keeps(0);
                if (uses) {
                    used.set(j);
                }
            }
        }
        assertThat(used.cardinality()).isEqualTo(64);
    }

    @Test
    void channelsAreKeptOrDroppedWhole() {
        Tensor x = ones(40 * 6);
        DropoutMask mask = new DropoutMask(random, 0, 0.5f);
        kernels.channels(mask, 6, x, x);
        Tensor single = ones(40);
        kernels.forward(mask, single, single);
        for (int i = 0; i < x.elements(); i++) {
            assertThat(x.getFloat(i)).as("element %d", i).isEqualTo(single.getFloat(i / 6));
        }
        assertThat(single.toFloats()).contains(0, 2);
    }

    @Test
    void illegalMasksAreRefused() {
        assertThatThrownBy(() -> new DropoutMask(random, 0, 1.5f)).hasMessageContaining("from 0 to 1, got 1.5");
        assertThatThrownBy(() -> new DropoutMask(random, 0, Float.NaN)).hasMessageContaining("got NaN");
        assertThatThrownBy(() -> new DropoutMask(random, -1, 0.5f)).hasMessageContaining("got -1");
        Tensor x = ones(10);
        assertThatThrownBy(() -> kernels.channels(new DropoutMask(random, 0, 0.5f), 3, x, x))
                .hasMessage("channels of 3 elements do not divide float32[10]");
    }

    private Tensor ones(int count) {
        Tensor tensor = arena.allocate(Shape.of(count));
        for (int i = 0; i < count; i++) {
            tensor.setFloat(i, 1);
        }
        return tensor;
    }
}
