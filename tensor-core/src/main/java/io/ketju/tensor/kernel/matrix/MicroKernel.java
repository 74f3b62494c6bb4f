package io.ketju.tensor.kernel.matrix;

/**
 * The innermost loop of every product: some rows of a times a panel of a few vectors of b, over one K-block, with the
 * whole block of results in registers. Its classes are made by {@link MicroKernelCompiler}, one per {@link Form}.
 */
public abstract class MicroKernel {
    /** How element (row i, k) of a is found in its array. */
    public enum Left {
        /** {@code at + i · LeftBlock.ROW + k}: rows one after the other, as copied from a row-major a. */
        ROWS(LeftBlock.ROW),
        /** {@code at + i + k · LeftBlock.COLUMN}: columns one after the other, as copied from a transposed a, by panels. */
        COLUMNS(1);

        /** From a row to the next. */
        final int row;

        Left(int row) {
            this.row = row;
        }
    }

    /**
     * What one class of micro-kernels is made for. How the rows of the panel of b are found is not part of it: row k lies
     * {@code Tile.rows[k]} bytes behind the first address, whether b is packed, read where it lies, or the taps of a
     * convolution. Reading the table costs nothing beside the products, and every further form costs the compiler time.
     *
     * @param rows rows of a
     * @param vectors vectors in a row of the panel
     * @param left the order in which a lies
     */
    public record Form(int rows, int vectors, Left left) {}

    /** Whether it was warmed up. A race between threads warms it up twice. */
    boolean warm;
    /** Multiply-adds that it did before. */
    long work;

    /** One that was not used yet. */
    MicroKernel() {}

    /** Adds the products to c: a from index {@code at}, the panel of b from address {@code b} on. */
    abstract void run(Tile tile, float[] a, int at, long b);
}
