package io.ketju.layers.vocabulary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.random.CounterRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens are drawn, and how often. */
class NegativesTest {
    private static final int DRAWS = 36_000;
    private static final int FIRST = 7;

    private final TensorArena arena = new TensorArena(1 << 20);

    @AfterEach
    void close() {
        arena.close();
    }

    private Negatives drawn(double power, int... counts) {
        Tensor tensor = arena.allocate(DType.INT32, Shape.of(counts.length));
        for (int i = 0; i < counts.length; i++) {
            tensor.setInt(i, counts[i]);
        }
        Tensor table = arena.allocate(DType.INT32, Shape.of(counts.length));
        Tensor guides = arena.allocate(DType.INT32, Shape.of(Negatives.GUIDES));
        Tensor numbers = arena.allocate(DType.INT32, Shape.of(DRAWS));
        return Negatives.drawn(
                CounterRandom.of(3, "draws"), FIRST, tensor, power, new Negatives.Room(table, guides, numbers));
    }

    /** Four deviations of a share of so many draws. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 0.75, 1})
    void sharesGoByThePowerOfTheCounts(double power) {
        int[] counts = {16, 1, 81, 1, 256};
        double total = 0;
        for (int count : counts) {
            total += Math.pow(count, power);
        }
        Negatives negatives = drawn(power, counts);
        int[] found = new int[counts.length];
        for (int i = 0; i < DRAWS; i++) {
            found[negatives.token(i)]++;
        }
        for (int token = 0; token < counts.length; token++) {
            double share = Math.pow(counts[token], power) / total;
            assertThat(found[token] / (double) DRAWS).isCloseTo(share, within(4 * Math.sqrt(share / DRAWS)));
        }
    }

    /** By a search from the beginning, over more tokens than there are guides, most of them rare. */
    @Test
    void aDrawIsTheFirstTokenWhosePartReachesIt() {
        int[] counts = new int[3 * Negatives.GUIDES];
        double total = 0;
        for (int token = 0; token < counts.length; token++) {
            counts[token] = token % 3 == 1 ? 0 : 1_000_000 / (token + 1);
            total += counts[token];
        }
        Negatives negatives = drawn(1, counts);
        CounterRandom random = CounterRandom.of(3, "draws");
        for (int i = 0; i < 2000; i++) {
            int number = random.below(FIRST + i, Integer.MAX_VALUE);
            double sum = 0;
            int token = -1;
            do {
                token++;
                sum += counts[token];
            } while ((int) (sum / total * Integer.MAX_VALUE) <= number);
            assertThat(negatives.token(i)).as("draw %d", i).isEqualTo(token);
        }
    }

    /** Counts near the largest keep the shares of those that are rare. */
    @Test
    void whatNeverOccursIsNeverDrawn() {
        Negatives negatives = drawn(1, 0, 1 << 20, 0, 0, 1 << 20, 0);
        for (int i = 0; i < 1000; i++) {
            assertThat(negatives.token(i)).isIn(1, 4);
            assertThat(negatives.token(i)).as("again").isEqualTo(negatives.token(i));
        }
        assertThat(drawn(0.75, 0, 0, Integer.MAX_VALUE).token(7)).isEqualTo(2);
    }

    @Test
    void refusesCountsThatAreNone() {
        assertThatThrownBy(() -> drawn(0.75, 0, 0, 0))
                .hasMessage("expected a count above 0 of at least one token, found none of 3");
        assertThatThrownBy(() -> drawn(0.75, 3, -2)).hasMessage("expected counts of at least 0, found -2 of token 1");
    }
}
