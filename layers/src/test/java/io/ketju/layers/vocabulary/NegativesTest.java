package io.ketju.layers.vocabulary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.vocabulary.TokenShares;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.random.CounterRandom;
import java.util.stream.IntStream;
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

    /** Tokens by their counts. */
    private int[] drawn(double power, int... counts) {
        TokenShares shares = new TokenShares(ints(counts.length), ints(TokenShares.GUIDES));
        Tensor given = ints(counts.length);
        for (int i = 0; i < counts.length; i++) {
            given.setInt(i, counts[i]);
        }
        Negatives.share(given, power, shares);
        Tensor tokens = ints(DRAWS);
        Kernels.scalar().vocabulary().draw(shares, CounterRandom.of(3, "draws"), FIRST, tokens);
        return IntStream.range(0, DRAWS).map(tokens::getInt).toArray();
    }

    private Tensor ints(int count) {
        return arena.allocate(DType.INT32, Shape.of(count));
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
        int[] found = new int[counts.length];
        for (int token : drawn(power, counts)) {
            found[token]++;
        }
        for (int token = 0; token < counts.length; token++) {
            double share = Math.pow(counts[token], power) / total;
            assertThat(found[token] / (double) DRAWS).isCloseTo(share, within(4 * Math.sqrt(share / DRAWS)));
        }
    }

    /** By a search from the beginning, over more tokens than there are guides, most of them rare. */
    @Test
    void aDrawIsTheFirstTokenWhosePartReachesIt() {
        int[] counts = new int[3 * TokenShares.GUIDES];
        double total = 0;
        for (int token = 0; token < counts.length; token++) {
            counts[token] = token % 3 == 1 ? 0 : 1_000_000 / (token + 1);
            total += counts[token];
        }
        int[] tokens = drawn(1, counts);
        CounterRandom random = CounterRandom.of(3, "draws");
        for (int i = 0; i < 2000; i++) {
            int number = random.below(FIRST + i, Integer.MAX_VALUE);
            double sum = 0;
            int token = -1;
            do {
                token++;
                sum += counts[token];
            } while ((int) (sum / total * Integer.MAX_VALUE) <= number);
            assertThat(tokens[i]).as("draw %d", i).isEqualTo(token);
        }
    }

    /** Counts near the largest keep the shares of those that are rare. */
    @Test
    void whatNeverOccursIsNeverDrawn() {
        assertThat(drawn(1, 0, 1 << 20, 0, 0, 1 << 20, 0)).containsOnly(1, 4);
        assertThat(drawn(0.75, 0, 0, Integer.MAX_VALUE)).containsOnly(2);
    }

    @Test
    void refusesCountsThatAreNone() {
        assertThatThrownBy(() -> drawn(0.75, 0, 0, 0))
                .hasMessage("expected a count above 0 of at least one token, found none of 3");
        assertThatThrownBy(() -> drawn(0.75, 3, -2)).hasMessage("expected counts of at least 0, found -2 of token 1");
    }
}
