package io.ketju.layers.optimizer;

/** Checks that optimizers and schedules share; arguments are called as in specs. */
final class Hyperparameters {
    private Hyperparameters() {}

    /** Minus zero is refused: it is a sum or a sign gone wrong. */
    static void requireNonNegative(String owner, String argument, Number number) {
        double value = number.doubleValue();
        if (!(Double.compare(value, 0) >= 0 && value <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    owner + ": argument '" + argument + "': expected a number >= 0, found " + number);
        }
    }

    /** For what would do nothing, or divide by zero, at 0 or so near to it that kernels would see 0. PyTorch lets 0 pass. */
    static void requirePositive(String owner, String argument, Number number) {
        double value = number.doubleValue();
        if (!(value >= Float.MIN_NORMAL && value <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    owner + ": argument '" + argument + "': expected a number > 0, found " + number);
        }
    }

    /** For averages that would never move, or divide by zero, at 1. */
    static void requireFraction(String owner, String argument, double value) {
        if (!(Double.compare(value, 0) >= 0 && value < 1)) {
            throw new IllegalArgumentException(
                    owner + ": argument '" + argument + "': expected 0 <= number < 1, found " + value);
        }
    }
}
