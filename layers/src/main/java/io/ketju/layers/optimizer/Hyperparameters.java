package io.ketju.layers.optimizer;

/** Checks that optimizers and schedules share; arguments are called as in specs. */
final class Hyperparameters {
    private Hyperparameters() {}

    static void requireNonNegative(String owner, String argument, Number number) {
        double value = number.doubleValue();
        if (!(value >= 0 && value <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    owner + ": argument '" + argument + "': expected a number >= 0, found " + number);
        }
    }

    /** For averages that would never move, or divide by zero, at 1. */
    static void requireFraction(String owner, String argument, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(
                    owner + ": argument '" + argument + "': expected 0 <= number < 1, found " + value);
        }
    }
}
