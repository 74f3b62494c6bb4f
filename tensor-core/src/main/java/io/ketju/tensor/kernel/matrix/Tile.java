package io.ketju.tensor.kernel.matrix;

/** What a {@link MicroKernel} is told besides its operands. One per thread, set anew for every tile. */
final class Tile {
    /** Length of the sums. */
    int k;
    /** Bytes from the panel's address to each row of b. */
    long[] rows = {};
    /** Address of the first value that a sum is added to. */
    long from;
    /** Bytes from a row of these values to the next. */
    long fromStride;
    /** Address of the first result. */
    long c;
    /** Bytes from a row of c to the next. */
    long stride;
}
