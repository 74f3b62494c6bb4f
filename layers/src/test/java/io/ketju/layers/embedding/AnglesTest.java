package io.ketju.layers.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import org.junit.jupiter.api.Test;

class AnglesTest {
    private static final int POSITIONS = 20_000;
    private static final int DIM = 20;

    /** Turns in double stay within the rounding to float32 over many positions. */
    @Test
    void areExactFarFromTheBeginning() {
        try (TensorArena arena = new TensorArena(2L * POSITIONS * DIM * 4)) {
            Tensor table = arena.allocate(Shape.of(POSITIONS, DIM));
            new Angles(DIM, Angles.DEFAULT_BASE).fill(POSITIONS, table, table, DIM, 2, 1);
            for (int t = 0; t < POSITIONS; t += 7) {
                for (int i = 0; i < DIM / 2; i++) {
                    double angle = t * StrictMath.pow(Angles.DEFAULT_BASE, -2.0 * i / DIM);
                    assertThat((double) table.getFloat(t * DIM + 2 * i)).isCloseTo(Math.sin(angle), within(0x1p-24));
                    assertThat((double) table.getFloat(t * DIM + 2 * i + 1))
                            .isCloseTo(Math.cos(angle), within(0x1p-24));
                }
            }
        }
    }
}
