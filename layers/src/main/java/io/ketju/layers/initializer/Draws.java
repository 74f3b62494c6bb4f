package io.ketju.layers.initializer;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.random.CounterRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongToDoubleFunction;

/**
 * Normal values by rejection, still a function of (seed, name, index) alone: an element's n-th attempt is its number of the n-th
 * stream.
 */
final class Draws {
    private static final double UNIT_32 = 0x1p-32;
    private static final double UNIT_53 = 0x1p-53;
    private static final int LOW_BITS = 11;
    private static final long LOW_WORD = 0xffffffffL;
    /** Where the interval is wider than that, values of the whole line hit it more often than those spread over it. */
    private static final double WIDE = 4;

    private final CounterRandom random;
    private final String purpose;
    private final List<CounterRandom> attempts = new ArrayList<>();

    Draws(CounterRandom random, String purpose) {
        this.random = random;
        this.purpose = purpose;
    }

    /** Marsaglia's polar method (Marsaglia and Bray 1964): points of the square, those outside the disc rejected. */
    static void polar(Tensor tensor, double mean, double std, CounterRandom random) {
        Draws draws = new Draws(random, "polar");
        fill(tensor, i -> mean + std * draws.polar(i));
    }

    /** Normal values of an interval (Robert 1995, section 2.2): exact, unlike values cut off at its ends. */
    static void truncated(Tensor tensor, double mean, double std, double low, double high, CounterRandom random) {
        Draws draws = new Draws(random, "truncated");
        double a = (low - mean) / std;
        double b = (high - mean) / std;
        fill(tensor, i -> Math.min(high, Math.max(low, mean + std * draws.truncated(i, a, b))));
    }

    private static void fill(Tensor tensor, LongToDoubleFunction value) {
        for (int i = 0; i < tensor.elements(); i++) {
            tensor.setFloat(i, (float) value.applyAsDouble(i));
        }
    }

    private CounterRandom attempt(int number) {
        while (attempts.size() <= number) {
            attempts.add(random.stream(purpose + attempts.size()));
        }
        return attempts.get(number);
    }

    private double polar(long index) {
        for (int number = 0; ; number++) {
            long bits = attempt(number).bits(index);
            double x = 2 * ((bits >>> 32) + 0.5) * UNIT_32 - 1;
            double y = 2 * ((bits & LOW_WORD) + 0.5) * UNIT_32 - 1;
            double square = x * x + y * y;
            if (square < 1) {
                return x * StrictMath.sqrt(-2 * StrictMath.log(square) / square);
            }
        }
    }

    private double truncated(long index, double a, double b) {
        boolean wide = a <= 0 && b >= 0 && b - a > WIDE;
        double nearest = Math.max(a, Math.min(b, 0));
        for (int number = 0; ; number++) {
            CounterRandom attempt = attempt(number);
            if (wide) {
                double x = attempt.normal(index);
                if (x >= a && x <= b) {
                    return x;
                }
            } else {
                double x = a + (b - a) * unit(attempt, 2 * index);
                if (unit(attempt, 2 * index + 1) <= StrictMath.exp((nearest * nearest - x * x) / 2)) {
                    return x;
                }
            }
        }
    }

    private static double unit(CounterRandom random, long index) {
        return (random.bits(index) >>> LOW_BITS) * UNIT_53;
    }
}
