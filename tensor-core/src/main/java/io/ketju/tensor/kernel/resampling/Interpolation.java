package io.ketju.tensor.kernel.resampling;

/**
 * How a value between elements follows from those around it, as functions of where it lies behind the nearest element before
 * it: 0 to 1.
 */
public enum Interpolation {
    /** The element before it. */
    NEAREST(1, 0) {
        @Override
        double weight(int tap, double behind) {
            return 1;
        }
    },
    /** The element in whose extent it lies. */
    NEAREST_EXACT(1, 0) {
        @Override
        double weight(int tap, double behind) {
            return 1;
        }
    },
    /** The two elements around it, by their distance. */
    LINEAR(2, 0) {
        @Override
        double weight(int tap, double behind) {
            return tap == 0 ? 1 - behind : behind;
        }
    },
    /** The four elements around it: cubic convolution (Keys 1981) with a = -0.75, as PyTorch has it. */
    CUBIC(4, 1) {
        @Override
        double weight(int tap, double behind) {
            double distance = Math.abs(tap - 1 - behind);
            return distance <= 1
                    ? ((A + 2) * distance - (A + 3)) * distance * distance + 1
                    : ((A * distance - 5 * A) * distance + 8 * A) * distance - 4 * A;
        }
    };

    private static final double A = -0.75;

    private final int taps;
    private final int before;

    Interpolation(int taps, int before) {
        this.taps = taps;
        this.before = before;
    }

    /** Elements that a value follows from. */
    int taps() {
        return taps;
    }

    /** How many of them lie before the nearest one before it. */
    int before() {
        return before;
    }

    abstract double weight(int tap, double behind);
}
