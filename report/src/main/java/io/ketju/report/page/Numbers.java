package io.ketju.report.page;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers as short as they may be. */
final class Numbers {
    private static final MathContext FOUR = new MathContext(4);
    private static final double LARGE = 1e6;
    private static final double SMALL = 1e-4;

    private Numbers() {}

    /** Four digits: {@code 0.3124}, {@code 15230}, {@code 2.5E-7}. */
    static String of(double value) {
        if (value == 0 || !Double.isFinite(value)) {
            return value == 0 ? "0" : Double.toString(value);
        }
        BigDecimal rounded = new BigDecimal(value).round(FOUR).stripTrailingZeros();
        double size = Math.abs(value);
        if (size >= 1000 && size < LARGE) {
            return Long.toString(Math.round(value));
        }
        return size >= LARGE || size < SMALL ? rounded.toString() : rounded.toPlainString();
    }

    /** A place in a drawing: one digit behind the point. */
    static String place(double value) {
        return new BigDecimal(value)
                .setScale(1, RoundingMode.HALF_EVEN)
                .stripTrailingZeros()
                .toPlainString();
    }
}
