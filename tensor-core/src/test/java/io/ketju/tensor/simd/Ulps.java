package io.ketju.tensor.simd;

/** Errors of single-precision results in units in the last place. */
final class Ulps {
    private Ulps() {}

    /** How far a result is from a value, in units in the last place of that value as a float; NaN from NaN is 0. */
    static double between(float got, double wanted) {
        float rounded = (float) wanted;
        if (Double.isNaN(wanted) || Float.isNaN(got)) {
            return Double.isNaN(wanted) && Float.isNaN(got) ? 0 : Double.POSITIVE_INFINITY;
        }
        if (Float.isInfinite(rounded) || Float.isInfinite(got)) {
            boolean next = Math.abs(got) == Float.MAX_VALUE || Math.abs(rounded) == Float.MAX_VALUE;
            boolean sameSign = Math.signum(got) == Math.signum(rounded);
            return got == rounded ? 0 : (next && sameSign ? 1 : Double.POSITIVE_INFINITY);
        }
        return Math.abs(got - wanted) / Math.ulp(rounded);
    }
}
