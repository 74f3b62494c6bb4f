package io.ketju.tensor.kernel;

import io.ketju.tensor.memory.Scratch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What a micro-kernel is told besides its operands: the length of the sums and where the products go. One per thread
 * and call, set anew for every tile. Offsets in bytes. The operands themselves are parameters of the micro-kernels,
 * because C2 of JDK 25 keeps values that it loaded from fields out of the general registers and fetches them in the
 * innermost loop.
 */
final class Tile {
    /** Most rows that a micro-kernel computes. */
    static final int ROWS = 5;

    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    /** A distance in bytes. */
    static final ValueLayout.OfLong DISTANCE = ValueLayout.JAVA_LONG_UNALIGNED;

    static final ByteOrder ORDER = ByteOrder.nativeOrder();

    /** Where a tile goes that does not fit c, or is to be added to it. */
    final MemorySegment spare;

    /** Whether b is a packed panel, or read through the taps. */
    boolean packed = true;
    /** How many bytes behind the origin row k of b starts, one long for each k. */
    MemorySegment taps = MemorySegment.NULL;

    MemorySegment out = MemorySegment.NULL;
    long outOffset;
    long outStride;
    /** Columns of the panel: {@link Panels#NARROW} or {@link Panels#WIDE}. */
    int width;
    /** Rows of the panel: the length of the sums. */
    int k;

    Tile(Scratch scratch) {
        spare = scratch.allocate((long) ROWS * Panels.WIDE * Float.BYTES);
    }

    void target(MemorySegment memory, long offset, long stride) {
        out = memory;
        outOffset = offset;
        outStride = stride;
    }

    /**
     * Computes a tile of this height and panel width: out = rows of a times panel. Rows of a are {@code step} bytes
     * apart, the panel starts at {@code panel}.
     */
    void multiply(int height, MemorySegment a, long row, long step, MemorySegment b, long panel) {
        if (width == Panels.NARROW) {
            switch (height) {
                case 2 -> NarrowTile.rows2(this, a, row, step, b, panel);
                case 3 -> NarrowTile.rows3(this, a, row, step, b, panel);
                case 4 -> NarrowTile.rows4(this, a, row, step, b, panel);
                default -> NarrowTile.rows5(this, a, row, step, b, panel);
            }
        } else {
            switch (height) {
                case 2 -> WideTile.rows2(this, a, row, step, b, panel);
                case 3 -> WideTile.rows3(this, a, row, step, b, panel);
                case 4 -> WideTile.rows4(this, a, row, step, b, panel);
                default -> WideTile.rows5(this, a, row, step, b, panel);
            }
        }
    }

    /** As {@link #multiply}, row k of b starting {@link #taps} behind the origin. */
    void multiplyTaps(int height, MemorySegment a, long row, long step, MemorySegment b, long origin) {
        if (width == Panels.NARROW) {
            switch (height) {
                case 2 -> NarrowTapTile.rows2(this, a, row, step, b, origin);
                case 3 -> NarrowTapTile.rows3(this, a, row, step, b, origin);
                case 4 -> NarrowTapTile.rows4(this, a, row, step, b, origin);
                default -> NarrowTapTile.rows5(this, a, row, step, b, origin);
            }
        } else {
            switch (height) {
                case 2 -> WideTapTile.rows2(this, a, row, step, b, origin);
                case 3 -> WideTapTile.rows3(this, a, row, step, b, origin);
                case 4 -> WideTapTile.rows4(this, a, row, step, b, origin);
                default -> WideTapTile.rows5(this, a, row, step, b, origin);
            }
        }
    }
}
