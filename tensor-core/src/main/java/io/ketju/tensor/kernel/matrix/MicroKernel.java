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
        /** {@code at + i + k · LeftBlock.COLUMN}: columns one after the other, as copied from a transposed a. */
        COLUMNS(1);

        /** From a row to the next. */
        final int row;

        Left(int row) {
            this.row = row;
        }
    }

    /** How row k of the panel of b is found. */
    public enum Right {
        /** Each row right behind the one before. */
        PACKED,
        /** Rows {@link Tile#step} bytes apart. */
        STRIDED,
        /** Row k {@code Tile.taps[k]} bytes behind the origin. */
        TAPS
    }

    /**
     * What one class of micro-kernels is made for.
     *
     * @param rows rows of a
     * @param vectors vectors in a row of the panel
     */
    public record Form(int rows, int vectors, Left left, Right right) {}

    /** Whether it was warmed up. A race between threads warms it up twice. */
    boolean warm;

    /** Adds the products to c: a from index {@code at}, the panel of b from address {@code b} on. */
    abstract void run(Tile tile, float[] a, int at, long b);
}
