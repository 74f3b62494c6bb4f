package io.ketju.tensor.simd;

/** Cuts loops over elements or rows into tiles of a fixed size, whatever the number of threads. */
public final class Ranges {
    /** Elements of one tile: 64 KiB of floats, some microseconds of work, and a multiple of every vector. */
    public static final int TILE = 16 * 1024;

    /** Works on the elements or rows from {@code from} to {@code to - 1}. */
    @FunctionalInterface
    public interface RangeTask {
        /**
         * Works on a part of them.
         *
         * @param from first element or row
         * @param to end, exclusive; no less than from
         */
        void run(int from, int to);
    }

    private Ranges() {}

    /**
     * Runs the task over all elements, {@link #TILE} of them at a time, and returns when all are done.
     *
     * @param tiles the pool that helps where there is more than one tile
     * @param count elements, at least 0
     * @param task for any number of threads at once
     */
    public static void elements(TileRunner tiles, int count, RangeTask task) {
        cut(tiles, count, TILE, task);
    }

    /**
     * Runs the task over all rows, whole rows per tile, and returns when all are done.
     *
     * @param tiles the pool that helps where there is more than one tile
     * @param rows how many, at least 0
     * @param columns elements of a row, which decide how many rows a tile has
     * @param task for any number of threads at once
     */
    public static void rows(TileRunner tiles, int rows, int columns, RangeTask task) {
        cut(tiles, rows, Math.max(1, TILE / Math.max(1, columns)), task);
    }

    private static void cut(TileRunner tiles, int count, int size, RangeTask task) {
        if (count <= size) {
            CompilationRoot.run(task, 0, count);
        } else {
            tiles.parallel(count, size, task);
        }
    }
}
