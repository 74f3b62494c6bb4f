package io.ketju.tensor.simd;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * Transposes square blocks of {@link VectorWidth#LANES} rows and columns in registers; the four-byte elements may be
 * floats or integers, their bits are only moved. Addresses and strides are in bytes, a stride leading from one row to
 * the next. x and y do not overlap.
 *
 * <p>Method: interleaving the rows r and r + n/2 for every r (a perfect shuffle, two permutations of two registers)
 * rotates the bits of an element's position, row number before column number, by one; log2(n) rounds exchange row and
 * column (Stone, "Parallel Processing with the Perfect Shuffle", 1971). Two rounds work on four registers, and the rows
 * rest in a buffer between them: the compiler gives up on methods that hold sixteen registers for four rounds.
 */
public final class VectorTranspose {
    /** Size of the buffer that every call needs: one block. */
    public static final long BUFFER_BYTES = VECTOR * LANES;

    /** Rows of one step of two rounds lie this far from each other. */
    private static final int QUARTER = LANES / 4;

    private static final FloatVector LOW = interleaving(0);
    private static final FloatVector HIGH = interleaving(LANES / 2);

    private VectorTranspose() {}

    /** {@code y[j][i] = x[i][j]} for i and j below {@link VectorWidth#LANES}. */
    public static void block(long x, long xStride, long y, long yStride, long buffer) {
        if (LANES == 4) {
            twoRounds(x, xStride, y, yStride);
        } else {
            twoRounds(x, xStride, buffer, VECTOR);
            if (LANES == 16) {
                twoRounds(buffer, VECTOR, y, yStride);
            } else {
                lastRound(buffer, y, yStride);
            }
        }
    }

    /**
     * {@code y[j][i] = x[i][j]} for i below {@code rows} and j below {@code columns}, both at most
     * {@link VectorWidth#LANES}. Touches nothing else of x and y.
     */
    public static void edge(Edge size, long x, long xStride, long y, long yStride, long buffer) {
        for (int i = 0; i < QUARTER; i++) {
            twoRoundsFromEdge(size, i, x, xStride, buffer + 4L * i * VECTOR);
        }
        if (LANES == 16) {
            for (int i = 0; i < QUARTER; i++) {
                twoRoundsToEdge(size, 4 * i, buffer + i * VECTOR, y, yStride);
            }
        } else if (LANES == 8) {
            for (int i = 0; i < LANES / 2; i++) {
                lastRoundToEdge(size, 2 * i, buffer + i * VECTOR, y, yStride);
            }
        } else {
            copyToEdge(size, buffer, y, yStride);
        }
    }

    /** Size of a block at the end of a matrix: rows of x, which are columns of y, and columns of x. */
    public record Edge(int rows, int columns) {
        public Edge {
            if (rows < 0 || rows > LANES || columns < 0 || columns > LANES) {
                throw new IllegalArgumentException(
                        "expected a block of at most " + LANES + " rows and columns, found " + rows + " x " + columns);
            }
        }
    }

    private static void twoRounds(long x, long xStride, long y, long yStride) {
        for (int i = 0; i < QUARTER; i++) {
            twoRoundsOfFour(x + i * xStride, QUARTER * xStride, y + 4L * i * yStride, yStride);
        }
    }

    private static void twoRoundsOfFour(long x, long xStride, long y, long yStride) {
        FloatVector a = load(x);
        FloatVector b = load(x + xStride);
        FloatVector c = load(x + 2 * xStride);
        FloatVector d = load(x + 3 * xStride);
        FloatVector lowAC = low(a, c);
        FloatVector highAC = high(a, c);
        FloatVector lowBD = low(b, d);
        FloatVector highBD = high(b, d);
        store(low(lowAC, lowBD), y);
        store(high(lowAC, lowBD), y + yStride);
        store(low(highAC, highBD), y + 2 * yStride);
        store(high(highAC, highBD), y + 3 * yStride);
    }

    private static void lastRound(long buffer, long y, long yStride) {
        for (int i = 0; i < LANES / 2; i++) {
            FloatVector a = load(buffer + i * VECTOR);
            FloatVector b = load(buffer + (i + LANES / 2L) * VECTOR);
            store(low(a, b), y + 2L * i * yStride);
            store(high(a, b), y + (2L * i + 1) * yStride);
        }
    }

    private static void twoRoundsFromEdge(Edge size, int row, long x, long xStride, long y) {
        FloatVector a = edgeRow(size, row, x, xStride);
        FloatVector b = edgeRow(size, row + QUARTER, x, xStride);
        FloatVector c = edgeRow(size, row + 2 * QUARTER, x, xStride);
        FloatVector d = edgeRow(size, row + 3 * QUARTER, x, xStride);
        FloatVector lowAC = low(a, c);
        FloatVector highAC = high(a, c);
        FloatVector lowBD = low(b, d);
        FloatVector highBD = high(b, d);
        store(low(lowAC, lowBD), y);
        store(high(lowAC, lowBD), y + VECTOR);
        store(low(highAC, highBD), y + 2 * VECTOR);
        store(high(highAC, highBD), y + 3 * VECTOR);
    }

    private static void twoRoundsToEdge(Edge size, int row, long x, long y, long yStride) {
        FloatVector a = load(x);
        FloatVector b = load(x + QUARTER * VECTOR);
        FloatVector c = load(x + 2L * QUARTER * VECTOR);
        FloatVector d = load(x + 3L * QUARTER * VECTOR);
        FloatVector lowAC = low(a, c);
        FloatVector highAC = high(a, c);
        FloatVector lowBD = low(b, d);
        FloatVector highBD = high(b, d);
        storeEdge(size, row, low(lowAC, lowBD), y, yStride);
        storeEdge(size, row + 1, high(lowAC, lowBD), y, yStride);
        storeEdge(size, row + 2, low(highAC, highBD), y, yStride);
        storeEdge(size, row + 3, high(highAC, highBD), y, yStride);
    }

    private static void lastRoundToEdge(Edge size, int row, long x, long y, long yStride) {
        FloatVector a = load(x);
        FloatVector b = load(x + LANES / 2L * VECTOR);
        storeEdge(size, row, low(a, b), y, yStride);
        storeEdge(size, row + 1, high(a, b), y, yStride);
    }

    private static void copyToEdge(Edge size, long buffer, long y, long yStride) {
        for (int row = 0; row < LANES; row++) {
            storeEdge(size, row, load(buffer + row * VECTOR), y, yStride);
        }
    }

    private static FloatVector edgeRow(Edge size, int row, long x, long stride) {
        return load(x + row * stride, first(row < size.rows() ? size.columns() : 0));
    }

    private static void storeEdge(Edge size, int row, FloatVector vector, long y, long stride) {
        store(vector, y + row * stride, first(row < size.columns() ? size.rows() : 0));
    }

    /** The first halves of two rows, element by element in turn. */
    private static FloatVector low(FloatVector a, FloatVector b) {
        return LOW.selectFrom(a, b);
    }

    /** The second halves of two rows, element by element in turn. */
    private static FloatVector high(FloatVector a, FloatVector b) {
        return HIGH.selectFrom(a, b);
    }

    /** Places in a pair of registers, as floats, which a permutation of two registers takes. */
    private static FloatVector interleaving(int start) {
        float[] places = new float[LANES];
        for (int i = 0; i < LANES; i++) {
            places[i] = start + i / 2 + (i % 2 == 0 ? 0 : LANES);
        }
        return FloatVector.fromArray(SPECIES, places, 0);
    }
}
