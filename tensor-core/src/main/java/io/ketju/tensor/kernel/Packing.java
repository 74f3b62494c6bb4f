package io.ketju.tensor.kernel;

import static io.ketju.tensor.kernel.Tile.FLOAT;
import static io.ketju.tensor.kernel.Tile.ORDER;
import static io.ketju.tensor.kernel.VectorWidth.LANES;
import static io.ketju.tensor.kernel.VectorWidth.SPECIES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** Copies matrices into the form that the micro-kernels read. Offsets and strides in bytes. */
final class Packing {
    private static final long BYTES = Float.BYTES;
    private static final long VECTOR = LANES * BYTES;
    /** Rows or columns that are transposed together: neighbours on one side are one cache line on the other. */
    private static final int GROUP = 4;

    private Packing() {}

    /** A piece of memory with rows. */
    record Matrix(MemorySegment memory, long offset, long stride) {
        Matrix from(int row, int column) {
            return new Matrix(memory, offset + row * stride + column * BYTES, stride);
        }
    }

    /** Packs b [k, n], rows of n floats, into panels at an offset; columns beyond n become zeros. */
    static void panels(Matrix b, int k, int n, MemorySegment packed, long at) {
        int width;
        for (int j = 0; j < n; j += width) {
            width = Panels.width(n, j);
            int columns = Math.min(width, n - j);
            Matrix rows = b.from(0, j);
            long panel = at + (long) j * k * BYTES;
            if (columns < width) {
                packed.asSlice(panel, (long) width * k * BYTES).fill((byte) 0);
                for (int row = 0; row < k; row++) {
                    long to = panel + (long) row * width * BYTES;
                    PanelProduct.copyRow(b.memory, rows.offset + row * b.stride, packed, to, columns);
                }
            } else if (width == 2 * LANES) {
                twoVectors(rows, k, packed, panel);
            } else {
                fourVectors(rows, k, packed, panel);
            }
        }
    }

    private static void twoVectors(Matrix x, int k, MemorySegment y, long to) {
        MemorySegment memory = x.memory;
        long from = x.offset;
        for (int row = 0; row < k; row++, from += x.stride) {
            long at = to + row * (2 * VECTOR);
            FloatVector.fromMemorySegment(SPECIES, memory, from, ORDER).intoMemorySegment(y, at, ORDER);
            FloatVector.fromMemorySegment(SPECIES, memory, from + VECTOR, ORDER)
                    .intoMemorySegment(y, at + VECTOR, ORDER);
        }
    }

    private static void fourVectors(Matrix x, int k, MemorySegment y, long to) {
        MemorySegment memory = x.memory;
        long from = x.offset;
        for (int row = 0; row < k; row++, from += x.stride) {
            long at = to + row * (4 * VECTOR);
            FloatVector.fromMemorySegment(SPECIES, memory, from, ORDER).intoMemorySegment(y, at, ORDER);
            FloatVector.fromMemorySegment(SPECIES, memory, from + VECTOR, ORDER)
                    .intoMemorySegment(y, at + VECTOR, ORDER);
            FloatVector.fromMemorySegment(SPECIES, memory, from + 2 * VECTOR, ORDER)
                    .intoMemorySegment(y, at + 2 * VECTOR, ORDER);
            FloatVector.fromMemorySegment(SPECIES, memory, from + 3 * VECTOR, ORDER)
                    .intoMemorySegment(y, at + 3 * VECTOR, ORDER);
        }
    }

    /** Packs the transpose of b [n, k], rows of k floats, into panels at an offset; columns beyond n become zeros. */
    static void panelsOfTranspose(Matrix b, int k, int n, MemorySegment packed, long at) {
        int width;
        for (int j = 0; j < n; j += width) {
            width = Panels.width(n, j);
            int columns = Math.min(width, n - j);
            Matrix panel = new Matrix(packed, at + (long) j * k * BYTES, width * BYTES);
            if (columns < width) {
                packed.asSlice(panel.offset, k * panel.stride).fill((byte) 0);
            }
            transposeRows(b.from(j, 0), columns, k, panel);
        }
    }

    /** {@code y[c, r] = x[r, c]} where x has few rows: along its rows, four at a time. */
    private static void transposeRows(Matrix x, int rows, int columns, Matrix y) {
        int r = 0;
        for (; r <= rows - GROUP; r += GROUP) {
            fourRows(x.from(r, 0), columns, y.from(0, r));
        }
        for (; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                float value = x.memory.get(FLOAT, x.offset + r * x.stride + c * BYTES);
                y.memory.set(FLOAT, y.offset + c * y.stride + r * BYTES, value);
            }
        }
    }

    /** {@code y[c, r] = x[r, c]} where x has few columns: along its columns, four at a time. */
    static void transposeColumns(Matrix x, int rows, int columns, Matrix y) {
        int c = 0;
        for (; c <= columns - GROUP; c += GROUP) {
            fourColumns(x.from(0, c), rows, y.from(c, 0));
        }
        for (; c < columns; c++) {
            for (int r = 0; r < rows; r++) {
                float value = x.memory.get(FLOAT, x.offset + r * x.stride + c * BYTES);
                y.memory.set(FLOAT, y.offset + c * y.stride + r * BYTES, value);
            }
        }
    }

    private static void fourRows(Matrix from, int columns, Matrix to) {
        MemorySegment x = from.memory;
        MemorySegment y = to.memory;
        long x0 = from.offset;
        long x1 = x0 + from.stride;
        long x2 = x1 + from.stride;
        long x3 = x2 + from.stride;
        long at = to.offset;
        for (int c = 0; c < columns; c++, at += to.stride) {
            y.set(FLOAT, at, x.get(FLOAT, x0 + c * BYTES));
            y.set(FLOAT, at + BYTES, x.get(FLOAT, x1 + c * BYTES));
            y.set(FLOAT, at + 2 * BYTES, x.get(FLOAT, x2 + c * BYTES));
            y.set(FLOAT, at + 3 * BYTES, x.get(FLOAT, x3 + c * BYTES));
        }
    }

    private static void fourColumns(Matrix from, int rows, Matrix to) {
        MemorySegment x = from.memory;
        MemorySegment y = to.memory;
        long y0 = to.offset;
        long y1 = y0 + to.stride;
        long y2 = y1 + to.stride;
        long y3 = y2 + to.stride;
        long at = from.offset;
        for (int r = 0; r < rows; r++, at += from.stride) {
            y.set(FLOAT, y0 + r * BYTES, x.get(FLOAT, at));
            y.set(FLOAT, y1 + r * BYTES, x.get(FLOAT, at + BYTES));
            y.set(FLOAT, y2 + r * BYTES, x.get(FLOAT, at + 2 * BYTES));
            y.set(FLOAT, y3 + r * BYTES, x.get(FLOAT, at + 3 * BYTES));
        }
    }
}
