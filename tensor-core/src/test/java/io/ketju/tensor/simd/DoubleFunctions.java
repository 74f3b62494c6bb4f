package io.ketju.tensor.simd;

/**
 * Functions in double precision, for arguments that are floats: some twenty bits better than single precision has, and
 * fast enough to go over all floats.
 */
final class DoubleFunctions {
    private DoubleFunctions() {}

    static double sigmoid(double x) {
        double e = Math.exp(-Math.abs(x));
        return (x < 0 ? e : 1) / (1 + e);
    }

    /** Kummer's series, all of whose terms have one sign (Abramowitz and Stegun, 7.1.6). */
    static double erf(double x) {
        if (Math.abs(x) > 6) {
            return Math.signum(x);
        }
        double square = x * x;
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
            term *= 2 * square / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-square) * sum;
    }
}
