package io.ketju.tensor.kernel;

import static io.ketju.tensor.kernel.Tile.FLOAT;
import static io.ketju.tensor.kernel.Tile.ORDER;
import static io.ketju.tensor.kernel.VectorWidth.LANES;
import static io.ketju.tensor.kernel.VectorWidth.SPECIES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * The product of some rows with one packed K-block: {@code c = a · b} or {@code c += a · b}. Each element is one chain
 * of fused multiply-adds from zero, k ascending, whatever tile it falls into. Offsets and strides in bytes.
 */
final class PanelProduct {
    private static final long BYTES = Float.BYTES;

    private PanelProduct() {}

    /** Rows of a, each k consecutive floats. */
    record Rows(MemorySegment memory, long offset, long stride) {
        Rows from(int row, int k) {
            return new Rows(memory, offset + row * stride + k * BYTES, stride);
        }
    }

    /** One K-block of b in {@link Panels}. */
    record Block(MemorySegment memory, long offset, int k) {}

    /** Where the product goes. */
    record Target(MemorySegment memory, long offset, long stride) {
        Target from(int row, int column) {
            return new Target(memory, offset + row * stride + column * BYTES, stride);
        }
    }

    /** Whether the product replaces c or is added to it. */
    enum Mode {
        OVERWRITE,
        ADD
    }

    /** Rows and columns of c. */
    record Size(int m, int n) {}

    /** The product with a packed block. */
    static void run(Tile tile, Rows a, Block b, Target c, Size size, Mode mode) {
        tile.k = b.k;
        tile.packed = true;
        int width;
        for (int j = 0; j < size.n; j += width) {
            width = Panels.width(size.n, j);
            tile.width = width;
            Block panel = new Block(b.memory, b.offset + j * BYTES * b.k, b.k);
            panel(tile, a, panel, c.from(0, j), new Size(size.m, Math.min(width, size.n - j)), mode);
        }
    }

    /** The product with a block that is not packed: row k starts where {@link Tile#taps} says. */
    static void runTaps(Tile tile, Rows a, Block b, Target c, Size size, Mode mode) {
        tile.k = b.k;
        tile.packed = false;
        int width;
        for (int j = 0; j < size.n; j += width) {
            width = Panels.width(size.n, j);
            tile.width = width;
            Block panel = new Block(b.memory, b.offset + j * BYTES, b.k);
            panel(tile, a, panel, c.from(0, j), new Size(size.m, Math.min(width, size.n - j)), mode);
        }
    }

    private static void panel(Tile tile, Rows a, Block b, Target c, Size size, Mode mode) {
        boolean direct = mode == Mode.OVERWRITE && size.n == tile.width;
        int height;
        for (int i = 0; i < size.m; i += height) {
            int left = size.m - i;
            height = height(left);
            long row = a.offset + i * a.stride;
            // A single row is computed twice, for want of a kernel of its own.
            long step = left == 1 ? 0 : a.stride;
            boolean whole = direct && left >= height;
            if (whole) {
                tile.target(c.memory, c.offset + i * c.stride, c.stride);
            } else {
                tile.target(tile.spare, 0, tile.width * BYTES);
            }
            if (tile.packed) {
                tile.multiply(height, a.memory, row, step, b.memory, b.offset);
            } else {
                tile.multiplyTaps(height, a.memory, row, step, b.memory, b.offset);
            }
            if (!whole) {
                fold(tile, c.from(i, 0), new Size(Math.min(height, left), size.n), mode);
            }
        }
    }

    /** Rows of the next tile, so that heights of 2 to 5 fit any number of rows from 2 without waste. */
    private static int height(int left) {
        return switch (left) {
            case 1, 2 -> 2;
            case 3, 6 -> 3;
            case 4, 7 -> 4;
            default -> 5;
        };
    }

    private static void fold(Tile tile, Target c, Size size, Mode mode) {
        for (int i = 0; i < size.m; i++) {
            long from = i * tile.outStride;
            long to = c.offset + i * c.stride;
            if (mode == Mode.ADD) {
                addRow(tile.spare, from, c.memory, to, size.n);
            } else {
                copyRow(tile.spare, from, c.memory, to, size.n);
            }
        }
    }

    /** {@code y[j] += x[j]} over n floats. Tails go one by one: masks cost more than the few elements. */
    static void addRow(MemorySegment x, long from, MemorySegment y, long to, int n) {
        int j = 0;
        for (; j <= n - LANES; j += LANES) {
            FloatVector sum = FloatVector.fromMemorySegment(SPECIES, y, to + j * BYTES, ORDER)
                    .add(FloatVector.fromMemorySegment(SPECIES, x, from + j * BYTES, ORDER));
            sum.intoMemorySegment(y, to + j * BYTES, ORDER);
        }
        for (; j < n; j++) {
            y.set(FLOAT, to + j * BYTES, y.get(FLOAT, to + j * BYTES) + x.get(FLOAT, from + j * BYTES));
        }
    }

    /** {@code y[j] = x[j]} over n floats. */
    static void copyRow(MemorySegment x, long from, MemorySegment y, long to, int n) {
        int j = 0;
        for (; j <= n - LANES; j += LANES) {
            FloatVector.fromMemorySegment(SPECIES, x, from + j * BYTES, ORDER)
                    .intoMemorySegment(y, to + j * BYTES, ORDER);
        }
        if (j < n && n >= LANES) {
            // One more vector that ends with the row: elements copied twice are the same.
            FloatVector.fromMemorySegment(SPECIES, x, from + (n - LANES) * BYTES, ORDER)
                    .intoMemorySegment(y, to + (n - LANES) * BYTES, ORDER);
            return;
        }
        for (; j < n; j++) {
            y.set(FLOAT, to + j * BYTES, x.get(FLOAT, from + j * BYTES));
        }
    }

    /** {@code y[j] += x} over n floats. */
    static void addScalar(float x, MemorySegment y, long to, int n) {
        FloatVector all = FloatVector.broadcast(SPECIES, x);
        int j = 0;
        for (; j <= n - LANES; j += LANES) {
            FloatVector sum = FloatVector.fromMemorySegment(SPECIES, y, to + j * BYTES, ORDER)
                    .add(all);
            sum.intoMemorySegment(y, to + j * BYTES, ORDER);
        }
        for (; j < n; j++) {
            y.set(FLOAT, to + j * BYTES, y.get(FLOAT, to + j * BYTES) + x);
        }
    }
}
