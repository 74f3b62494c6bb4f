package io.ketju.tensor.kernel.reduction;

/** What many numbers become: of none, 0, NaN, -infinity and +infinity. */
public enum Reduction {
    /** The sum, in the order that each kernel says, rounded once. */
    SUM(0),
    /** The rounded sum, divided by the number of elements. */
    MEAN(0),
    /** The largest, as {@code Math.max}: NaN if there is one, +0 above -0. */
    MAX(Float.NEGATIVE_INFINITY),
    /** The smallest, as {@code Math.min}: NaN if there is one, -0 below +0. */
    MIN(Float.POSITIVE_INFINITY);

    private final float start;

    Reduction(float start) {
        this.start = start;
    }

    float start() {
        return start;
    }

    boolean isSum() {
        return this == SUM || this == MEAN;
    }

    /** Two numbers in one. */
    double join(double a, double b) {
        return switch (this) {
            case SUM, MEAN -> a + b;
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
        };
    }

    /** The result of all that was joined. */
    float finish(double joined, int count) {
        float rounded = (float) joined;
        return this == MEAN ? rounded / count : rounded;
    }
}
