package io.ketju.tensor.kernel.vocabulary;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.get;
import static io.ketju.tensor.simd.VectorMemory.getInt;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.set;
import static io.ketju.tensor.simd.VectorMemory.store;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.sparse.CsrMatrix;
import io.ketju.tensor.random.CounterRandom;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;

/** Some rows per tile: what they choose, their scores and losses stay in the fastest cache. */
public final class VectorVocabulary implements VocabularyKernels {
    /** Rows whose scores are taken together. */
    private static final int ROWS = 8;

    /** Draws of a tile. */
    private static final int DRAWS = 1024;

    private final TileRunner tiles;

    /**
     * Kernels whose tiles run on a pool.
     *
     * @param tiles the pool, open as long as the kernels are used
     */
    public VectorVocabulary(TileRunner tiles) {
        this.tiles = tiles;
    }

    @Override
    public void draw(TokenShares shares, CounterRandom random, long first, Tensor tokens) {
        TokenDraws draws = new TokenDraws(shares, random);
        long out = VectorMemory.address(tokens);
        tiles.parallel(tokens.elements(), DRAWS, (from, to) -> draws.draw(first + from, to - from, out + 4L * from));
    }

    @Override
    public void choose(Choices choices, Tensor starts, Tensor chosen, Tensor labels) {
        choices.require(starts, chosen, labels);
        ChosenLists lists = ChosenLists.of(choices, starts, chosen, labels);
        int work = choices.each() * (1 + choices.othersOfEach());
        Ranges.rows(tiles, choices.rows(), work, lists::count);
        lists.addUp();
        Ranges.rows(tiles, choices.rows(), work, lists::list);
    }

    @Override
    public void score(CsrMatrix a, Tensor labels, Tensor x, Tensor table, Tensor losses) {
        int width = VocabularyChecks.score(a, labels, x, table, losses);
        ScoredTile tile = new ScoredTile(
                VectorMemory.address(a.rowPointers()),
                VectorMemory.address(a.columnIndexes()),
                VectorMemory.address(labels),
                VectorMemory.address(x),
                new RowDots(VectorMemory.address(table), width),
                VectorMemory.address(a.values()),
                VectorMemory.address(losses));
        tiles.parallel(a.rows(), ROWS, (from, to) -> tile.run(from, to, tiles.scratch()));
    }

    @Override
    public void scale(CsrMatrix a, Tensor slopes, Tensor factors) {
        VocabularyChecks.scale(a, slopes, factors);
        long pointers = VectorMemory.address(a.rowPointers());
        long in = VectorMemory.address(slopes);
        long of = VectorMemory.address(factors);
        long out = VectorMemory.address(a.values());
        Ranges.rows(tiles, a.rows(), a.elements() / a.rows(), (from, to) -> {
            for (int row = from; row < to; row++) {
                float factor = get(of + 4L * row);
                long at = 4L * getInt(pointers + 4L * row);
                long end = 4L * getInt(pointers + 4L * row + 4);
                for (; at <= end - VECTOR; at += VECTOR) {
                    store(load(in + at).mul(factor), out + at);
                }
                for (; at < end; at += Float.BYTES) {
                    set(out + at, get(in + at) * factor);
                }
            }
        });
    }
}
