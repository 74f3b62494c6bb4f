package io.ketju.tensor.kernel.attention;

import static io.ketju.tensor.kernel.attention.AttentionKernels.BLOCK;
import static io.ketju.tensor.kernel.attention.BlockProduct.ROW;
import static io.ketju.tensor.kernel.attention.BlockProduct.ROWS;

/** The products of whole blocks, made of micro-kernels. Rows of a left operand behind the last may be anything. */
final class BlockProducts {
    private BlockProducts() {}

    /** Scores: rows of keys on the heap times panels of queries, of which n rows count. */
    static void scores(float[] keys, int count, int n, long panels, long panelBytes, long tile) {
        for (int g = 0; g < Layout.GROUPS; g++) {
            for (int t = 0; t < count; t += ROWS) {
                BlockProduct.rows(
                        keys, t * BLOCK, n, panels + g * panelBytes, ROW, tile + g * Layout.GROUP_BYTES + t * ROW);
            }
        }
    }

    /** Scores of rows of a tensor, packed on the way, of any width. The spare is a tile of scores, too. */
    static void scores(float[] heap, long rows, int count, Panels queries, long tile, long spare) {
        Layout layout = queries.layout();
        for (int d = 0; d < layout.width(); d += BLOCK) {
            int n = Math.min(BLOCK, layout.width() - d);
            BlockCopies.toHeap(rows + 4L * d, layout, count, n, heap);
            long panels = queries.at() + d * ROW;
            scores(heap, count, n, panels, layout.panelBytes(), d == 0 ? tile : spare);
            if (d > 0) {
                BlockCopies.add(spare, tile, Layout.SCORE_BYTES);
            }
        }
    }

    /** Panels of queries and where they are. */
    record Panels(Layout layout, long at) {}

    /** For each of {@code count} keys, the sum of its weights of n queries times their rows of x. */
    static void overQueries(float[] weights, int count, int n, long x, Layout layout, long tile) {
        for (int g = 0; g < layout.groups(); g++) {
            for (int t = 0; t < count; t += ROWS) {
                BlockProduct.rows(
                        weights, t * BLOCK, n, x + g * ROW, layout.stride(), tile + g * Layout.GROUP_BYTES + t * ROW);
            }
        }
    }

    /** For each of {@code count} queries, the sum of its weights of n keys times their rows of x. */
    static void overKeys(float[] weights, int count, int n, long x, Layout layout, long tile) {
        for (int g = 0; g < layout.groups(); g++) {
            for (int i = 0; i < count; i += ROWS) {
                BlockProduct.columns(
                        weights, i, n, x + g * ROW, layout.stride(), tile + g * Layout.GROUP_BYTES + i * ROW);
            }
        }
    }
}
