package io.ketju.tensor.kernel.matrix;

/** What a {@link MicroKernel} is told besides its operands. One per thread, set anew for every tile. */
final class Tile {
    /** Length of the sums. */
    int k;
    /** Bytes from a row of b to the next, where it is not packed. */
    long step;
    /** Bytes from the origin to each row of b, where they are irregular. */
    long[] taps = {};
    /** Address of the first result. */
    long c;
    /** Bytes from a row of c to the next. */
    long stride;
}
