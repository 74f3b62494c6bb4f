package io.ketju.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.random.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Arrays of floats in tests: making and comparing them. */
public final class Floats {
    private Floats() {}

    /** Normal numbers, a function of seed and name. */
    public static float[] normal(long seed, String name, int count) {
        CounterRandom random = CounterRandom.of(seed, name);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.normal(i);
        }
        return values;
    }

    public static double[] toDoubles(float[] values) {
        double[] result = new double[values.length];
        Arrays.setAll(result, i -> values[i]);
        return result;
    }

    public static int[] bits(float[] values) {
        int[] result = new int[values.length];
        Arrays.setAll(result, i -> Float.floatToRawIntBits(values[i]));
        return result;
    }

    public static int[] bits(Tensor tensor) {
        return bits(tensor.toFloats());
    }

    /** Bits of each tensor, none where there is no tensor; the list may be changed. */
    public static List<int[]> bits(List<? extends @Nullable Tensor> tensors) {
        List<int[]> all = new ArrayList<>();
        for (Tensor tensor : tensors) {
            all.add(tensor == null ? new int[0] : bits(tensor));
        }
        return all;
    }

    public static boolean same(List<int[]> a, List<int[]> b) {
        return a.size() == b.size() && IntStream.range(0, a.size()).allMatch(i -> Arrays.equals(a.get(i), b.get(i)));
    }

    public static void assertSame(String what, List<int[]> actual, List<int[]> expected) {
        assertThat(actual).as(what).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i)).as("%s, tensor %d", what, i).isEqualTo(expected.get(i));
        }
    }

    /** All elements within {@code tolerance} times the largest magnitude expected (at least 1e-3). */
    public static void assertClose(String what, float[] actual, double[] expected, double tolerance) {
        assertThat(actual).as(what).hasSameSizeAs(expected);
        double scale =
                Math.max(1e-3, Arrays.stream(expected).map(Math::abs).max().orElse(0));
        for (int i = 0; i < expected.length; i++) {
            double error = Math.abs(actual[i] - expected[i]);
            assertThat(error <= tolerance * scale)
                    .as("%s[%d]: %s instead of %s, scale %s", what, i, actual[i], expected[i], scale)
                    .isTrue();
        }
    }

    public static void assertClose(String what, float[] actual, float[] expected, double tolerance) {
        assertClose(what, actual, toDoubles(expected), tolerance);
    }
}
