package io.ketju.tensor.kernel;

import static io.ketju.tensor.kernel.Tile.FLOAT;
import static io.ketju.tensor.kernel.Tile.ORDER;
import static io.ketju.tensor.kernel.VectorWidth.LANES;
import static io.ketju.tensor.kernel.VectorWidth.SPECIES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * Packs the columns of a convolution straight from a {@link TapImage} into {@link Panels}: row k of a panel is tap k of
 * its positions. Rows are written with whole vectors, each overrunning into what is written next.
 */
final class ColumnPacking {
    private static final long BYTES = Float.BYTES;
    /** Bytes behind the panels that the last vector may write. */
    static final long SLACK = LANES * BYTES;

    private final TapImage layout;
    private final MemorySegment image;
    /** Runs of neighbouring positions in the current panel: where they start in the image, in the panel, their length. */
    private final int[] from = new int[Panels.WIDE];

    private final int[] to = new int[Panels.WIDE];
    private final int[] length = new int[Panels.WIDE];

    ColumnPacking(TapImage layout, MemorySegment image) {
        this.layout = layout;
        this.image = image;
    }

    /** Packs taps k to k+taps-1 of positions p to p+n-1. */
    void pack(int k, int taps, int p, int n, MemorySegment packed) {
        int width;
        for (int j = 0; j < n; j += width) {
            width = Panels.width(n, j);
            int columns = Math.min(width, n - j);
            long at = (long) j * taps * BYTES;
            if (columns < width) {
                packed.asSlice(at, (long) width * taps * BYTES).fill((byte) 0);
            }
            int runs = runs(p + j, columns);
            for (int row = 0; row < taps; row++) {
                long start = layout.tap(k + row) * BYTES;
                if (layout.step() == 1) {
                    copy(start, runs, packed, at + (long) row * width * BYTES);
                } else {
                    gather(start, runs, packed, at + (long) row * width * BYTES);
                }
            }
        }
    }

    private int runs(int p, int columns) {
        int runs = 0;
        for (int j = 0; j < columns; j += length[runs - 1]) {
            from[runs] = layout.position(p + j);
            to[runs] = j;
            length[runs++] = Math.min(columns - j, layout.run(p + j));
        }
        return runs;
    }

    private void copy(long tap, int runs, MemorySegment packed, long at) {
        for (int run = 0; run < runs; run++) {
            long source = tap + from[run] * BYTES;
            long target = at + to[run] * BYTES;
            for (int i = 0; i < length[run]; i += LANES) {
                FloatVector.fromMemorySegment(SPECIES, image, source + i * BYTES, ORDER)
                        .intoMemorySegment(packed, target + i * BYTES, ORDER);
            }
        }
    }

    private void gather(long tap, int runs, MemorySegment packed, long at) {
        long step = layout.step() * BYTES;
        for (int run = 0; run < runs; run++) {
            long source = tap + from[run] * BYTES;
            long target = at + to[run] * BYTES;
            for (int i = 0; i < length[run]; i++) {
                packed.set(FLOAT, target + i * BYTES, image.get(FLOAT, source + i * step));
            }
        }
    }
}
