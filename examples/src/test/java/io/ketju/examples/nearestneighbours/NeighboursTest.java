package io.ketju.examples.nearestneighbours;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.examples.lesson.Points;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.random.CounterRandom;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NeighboursTest {
    private static final int SAMPLES = 300;
    private static final int QUERIES = 130;
    private static final int WIDTH = 17;

    @Test
    void ofEqualDistancesTheEarlierSampleIsNearer() {
        assertThat(Neighbours.smallest(new double[] {2, 1, 3, 1, 0, 1}, 4)).containsExactly(4, 1, 3, 5);
        assertThat(Neighbours.smallest(new double[] {2, 1}, 4)).containsExactly(1, 0);
    }

    @Test
    void ofClassesWithAsManyVotesTheNearestWins() {
        float[][] values = {{0}, {1}, {2}, {3}, {4}};
        try (TensorCore core = TensorCore.open(1)) {
            Neighbours neighbours = new Neighbours(new Points(values, new int[] {2, 0, 1, 0, 1}), core);
            int[] nearest = {0, 1, 2, 3, 4};
            assertThat(neighbours.vote(nearest, 1)).isEqualTo(2);
            assertThat(neighbours.vote(nearest, 3)).isEqualTo(2);
            assertThat(neighbours.vote(nearest, 4)).isZero();
            assertThat(neighbours.vote(nearest, 5)).isZero();
            assertThat(neighbours.vote(new int[] {2, 1, 4, 3, 0}, 5)).isOne();
        }
    }

    /** Whole numbers, so that both ways to add are exact; more queries than go through at once. */
    @Test
    void nearestOnesAreThoseOfTheDistances() {
        float[][] samples = numbers("samples", SAMPLES);
        float[][] queries = numbers("queries", QUERIES);
        try (TensorCore core = TensorCore.open(2)) {
            Neighbours neighbours = new Neighbours(new Points(samples, new int[SAMPLES]), core);
            int[][] euclidean = neighbours.euclidean(queries, 5);
            int[][] manhattan = neighbours.manhattan(queries, 5);
            for (int i = 0; i < QUERIES; i++) {
                assertThat(euclidean[i]).as("query " + i).isEqualTo(sorted(queries[i], samples, 2));
                assertThat(manhattan[i]).as("query " + i).isEqualTo(sorted(queries[i], samples, 1));
            }
        }
    }

    private static float[][] numbers(String name, int count) {
        CounterRandom random = CounterRandom.of(7, name);
        float[][] numbers = new float[count][WIDTH];
        for (int i = 0; i < count * WIDTH; i++) {
            numbers[i / WIDTH][i % WIDTH] = random.below(i, 9) - 4;
        }
        return numbers;
    }

    private static int[] sorted(float[] query, float[][] samples, int power) {
        return IntStream.range(0, samples.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> IntStream.range(0, WIDTH)
                        .mapToDouble(p -> Math.pow(Math.abs(query[p] - samples[i][p]), power))
                        .sum()))
                .limit(5)
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
