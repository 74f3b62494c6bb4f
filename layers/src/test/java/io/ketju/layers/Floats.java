package io.ketju.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.random.CounterRandom;
import java.util.Arrays;

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
