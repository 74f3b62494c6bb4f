package io.ketju.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The numbers expected here are those of {@code peers/sequences.py}. */
class UniformTest {
    @Test
    void numbersAreThoseOfThePeer() {
        // uniform(1, 4), and uniform(7, 5, scale=4)
        assertThat(sequence(1, 4, 1)).containsExactly(-0.51016605f, 0.21550083f, -0.73310435f, -0.045571327f);
        assertThat(sequence(7, 5, 4)).containsExactly(3.600604f, 1.4755325f, 3.166057f, 3.6899648f, 0.008333206f);
        // below(10, 2, 8)
        assertThat(IntStream.range(0, 8).map(i -> Uniform.below(10, 2, i))).containsExactly(3, 3, 3, 8, 6, 6, 3, 1);
    }

    @Test
    void fingerprintsAreThoseOfThePeer() {
        try (TensorArena arena = new TensorArena(1 << 16)) {
            Tensor t = Uniform.fill(arena.allocate(Shape.of(1000)), 1, 1);
            Tensor twice = Uniform.fill(arena.allocate(Shape.of(1000)), 1, 2);
            // fingerprint([t, t * 2]) with t = uniform(1, 1000); sums in double, in another order
            Fingerprint sums = Fingerprint.of(List.of(t, twice));
            assertThat(sums.magnitude()).isCloseTo(1486.2277826070786, Offset.offset(1e-9));
            assertThat(sums.mixed()).isCloseTo(-7.975422918045751, Offset.offset(1e-9));
        }
    }

    @Test
    void fingerprintsThatDifferAreRefused() {
        Fingerprint one = new Fingerprint(100, 5);
        one.requireNear(new Fingerprint(100.001, 5.001), 1e-4, "near");
        assertThatThrownBy(() -> one.requireNear(new Fingerprint(100, 5.1), 1e-4, "another order"))
                .hasMessageContaining("another order: results differ");
        assertThatThrownBy(() -> one.requireNear(new Fingerprint(Double.NaN, 5), 1e-4, "not a number"))
                .hasMessageContaining("not a number");
        Fingerprint nothing = new Fingerprint(0, 0);
        assertThatThrownBy(() -> nothing.requireNear(nothing, 1e-4, "nothing computed"))
                .hasMessageContaining("nothing computed");
    }

    private static float[] sequence(int seed, int count, float scale) {
        try (TensorArena arena = new TensorArena(1 << 10)) {
            return Uniform.fill(arena.allocate(Shape.of(count)), seed, scale).toFloats();
        }
    }
}
