package io.ketju.tensor.kernel.matrix;

import io.ketju.tensor.simd.RunningColumnSums;

/** What a thread computes tiles of products with, whosever product they belong to: one tile after the other. */
final class TileWork {
    private static final ThreadLocal<TileWork> OWN = ThreadLocal.withInitial(TileWork::new);

    final BlockProduct product = new BlockProduct();
    final RunningColumnSums leftSums = new RunningColumnSums();
    final RunningColumnSums rightSums = new RunningColumnSums();
    final GradientSource.Piece piece = new GradientSource.Piece();

    private TileWork() {}

    /** That of the calling thread. */
    static TileWork own() {
        return OWN.get();
    }
}
