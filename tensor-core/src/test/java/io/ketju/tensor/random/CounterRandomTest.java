package io.ketju.tensor.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CounterRandomTest {
    private static final long SEED = 42;
    /** From a second implementation, in Python. */
    private static final long PINNED_BITS = 6312003684364913885L;

    private static final int PINNED_NORMAL = 0x403c0791;

    /** Known answers of the Random123 library (kat_vectors, philox4x32 with 10 rounds). */
    @Test
    void philoxGivesThePublishedVectors() {
        assertThat(words(0, 0, 0)).containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
        assertThat(words(-1, -1, -1)).containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
        assertThat(words(0x299f31d0a4093822L, 0x85a308d3243f6a88L, 0x0370734413198a2eL))
                .containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
    }

    @Test
    void valuesDependOnSeedStreamAndIndexOnly() {
        CounterRandom random = CounterRandom.of(SEED, "dropout");
        assertThat(random.bits(7)).isEqualTo(CounterRandom.of(SEED, "dropout").bits(7));
        assertThat(random.bits(7))
                .isNotEqualTo(CounterRandom.of(SEED + 1, "dropout").bits(7));
        assertThat(random.bits(7))
                .isNotEqualTo(CounterRandom.of(SEED, "dropouT").bits(7));
        assertThat(random.stream("a").stream("bc").bits(7))
                .isNotEqualTo(random.stream("ab").stream("c").bits(7));
    }

    @Test
    void wordsAndLongsAreTheSameBits() {
        CounterRandom random = CounterRandom.of(SEED, "bits");
        for (int i = 0; i < 100; i++) {
            long low = random.bits32(2L * i) & 0xffffffffL;
            long high = (long) random.bits32(2L * i + 1) << 32;
            assertThat(random.bits(i)).isEqualTo(low | high);
        }
    }

    @Test
    void uniformFillsItsIntervalEvenly() {
        CounterRandom random = CounterRandom.of(SEED, "uniform");
        int[] histogram = new int[16];
        int count = 160_000;
        for (int i = 0; i < count; i++) {
            float value = random.uniform(i);
            assertThat(value).isBetween(0f, Math.nextDown(1f));
            histogram[(int) (value * 16)]++;
        }
        // Chi-square with 15 degrees of freedom: 37.7 has probability 0.001.
        double expected = count / 16.0;
        double chiSquare = Arrays.stream(histogram)
                .mapToDouble(n -> (n - expected) * (n - expected) / expected)
                .sum();
        assertThat(chiSquare).as("seed %d", SEED).isLessThan(37.7);
    }

    @Test
    void normalHasTheRightMoments() {
        CounterRandom random = CounterRandom.of(SEED, "normal");
        int count = 200_000;
        double[] moments = new double[5];
        for (int i = 0; i < count; i++) {
            double power = 1;
            double value = random.normal(i);
            for (int k = 0; k < moments.length; k++, power *= value) {
                moments[k] += power / count;
            }
        }
        assertThat(moments[1]).as("mean, seed %d", SEED).isBetween(-0.01, 0.01);
        assertThat(moments[2]).as("variance, seed %d", SEED).isBetween(0.98, 1.02);
        assertThat(moments[3]).as("skewness, seed %d", SEED).isBetween(-0.03, 0.03);
        assertThat(moments[4]).as("kurtosis, seed %d", SEED).isBetween(2.9, 3.1);
    }

    /** Pins the values of trained models: a change here changes every run. */
    @Test
    void valuesArePinned() {
        CounterRandom random = CounterRandom.of(SEED, "layers.0.weight");
        assertThat(random.bits(0)).isEqualTo(PINNED_BITS);
        assertThat(Float.floatToRawIntBits(random.normal(3))).isEqualTo(PINNED_NORMAL);
    }

    @Test
    void belowStaysBelowAndReachesEveryValue() {
        CounterRandom random = CounterRandom.of(SEED, "below");
        assertThat(IntStream.range(0, 200)
                        .map(i -> random.below(i, 7))
                        .distinct()
                        .sorted())
                .containsExactly(0, 1, 2, 3, 4, 5, 6);
        assertThat(random.below(0, 1)).isZero();
        assertThatThrownBy(() -> random.below(0, 0)).hasMessageContaining("bound must be positive, got 0");
    }

    @Test
    void manyBelowAreThoseOfTheirIndices() {
        CounterRandom random = CounterRandom.of(5, "many");
        try (TensorArena arena = new TensorArena(1 << 13)) {
            for (int count = 1; count < 6; count++) {
                for (long first : new long[] {0, 1, 6, 7, 1L << 40}) {
                    Tensor out = arena.allocate(DType.INT32, Shape.of(count));
                    random.below(first, 1000, out);
                    for (int i = 0; i < count; i++) {
                        assertThat(out.getInt(i)).isEqualTo(random.below(first + i, 1000));
                    }
                }
            }
        }
    }

    @Test
    void aPermutationHoldsEveryNumberOnce() {
        for (int n : new int[] {0, 1, 2, 3, 100, 1025}) {
            int[] order = CounterRandom.of(SEED, "shuffle").permutation(n);
            assertThat(Arrays.stream(order).sorted())
                    .containsExactly(IntStream.range(0, n).boxed().toArray(Integer[]::new));
        }
    }

    @Test
    void allPermutationsOfThreeAreAboutEquallyLikely() {
        int[] histogram = new int[27];
        for (int i = 0; i < 6000; i++) {
            int[] order = CounterRandom.of(i, "shuffle").permutation(3);
            histogram[9 * order[0] + 3 * order[1] + order[2]]++;
        }
        assertThat(Arrays.stream(histogram).filter(n -> n > 0)).hasSize(6).allMatch(n -> n > 850 && n < 1150);
    }

    @Test
    void fillsStayInTheirBounds() {
        try (TensorArena arena = new TensorArena(4096)) {
            Tensor tensor = arena.allocate(Shape.of(31, 3));
            CounterRandom random = CounterRandom.of(SEED, "fill");
            random.fillUniform(tensor, -0.5f, 0.25f);
            for (float value : tensor.toFloats()) {
                assertThat(value).isBetween(-0.5f, Math.nextDown(0.25f));
            }
            random.fillUniform(tensor, 2, 2);
            assertThat(tensor.toFloats()).containsOnly(2f);
            random.fillNormal(tensor, 5, 0);
            assertThat(tensor.toFloats()).containsOnly(5f);
        }
    }

    private static int[] words(long key, long low, long high) {
        long first = Philox.block(key, low, high, 0);
        long second = Philox.block(key, low, high, 1);
        return new int[] {(int) first, (int) (first >>> 32), (int) second, (int) (second >>> 32)};
    }
}
