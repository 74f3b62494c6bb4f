package io.ketju.tensor.kernel;

/**
 * The packed form of one K-block of b: panels of {@link #WIDE} columns, the last one narrow if that is enough, each
 * panel k rows of its width, without gaps. Columns beyond n hold anything.
 *
 * <pre>
 *   columns   0 .. WIDE-1          WIDE .. 2 WIDE-1      ...
 *             k=0: WIDE floats     k=0: WIDE floats
 *             k=1: WIDE floats     k=1: WIDE floats
 * </pre>
 */
final class Panels {
    private static final int LANES = VectorWidth.LANES;

    /** Columns of a narrow panel: two registers. */
    static final int NARROW = 2 * LANES;

    /** Columns of a wide panel: four registers where there are 32 of them, as AVX-512 has. */
    static final int WIDE = VectorWidth.BITS == 512 ? 4 * LANES : NARROW;

    private Panels() {}

    /** Columns that n columns take when packed. */
    static int padded(int n) {
        int rest = n % WIDE;
        return n - rest + (rest == 0 ? 0 : rest <= NARROW ? NARROW : WIDE);
    }

    /** Width of the panel that starts at column j. */
    static int width(int n, int j) {
        return n - j <= NARROW ? NARROW : WIDE;
    }

    /** Bytes of one packed block. */
    static long bytes(int n, int k) {
        return (long) padded(n) * k * Float.BYTES;
    }
}
