package io.ketju.tensor.kernel;

import io.ketju.tensor.kernel.PanelProduct.Mode;
import java.lang.foreign.MemorySegment;

/** Adds partial results that were computed side by side, in their order. */
final class Folding {
    private Folding() {}

    /** {@code y = p[0] + p[1] + ...} or {@code y += p[0], y += p[1], ...}; each partial has n floats. */
    static void fold(TileRunner tiles, MemorySegment partials, int count, MemorySegment y, int n, Mode mode) {
        long stride = (long) n * Float.BYTES;
        // Short pieces, so that y stays in the first cache while all partials pass.
        int piece = Math.max(1024, Ranges.TILE / count);
        int parts = n <= piece ? 1 : Math.ceilDiv(n, piece);
        tiles.parallel(parts, part -> {
            long at = (long) part * piece * Float.BYTES;
            int length = Math.min(piece, n - part * piece);
            for (int p = 0; p < count; p++) {
                if (p == 0 && mode == Mode.OVERWRITE) {
                    PanelProduct.copyRow(partials, at, y, at, length);
                } else {
                    PanelProduct.addRow(partials, p * stride + at, y, at, length);
                }
            }
        });
    }
}
