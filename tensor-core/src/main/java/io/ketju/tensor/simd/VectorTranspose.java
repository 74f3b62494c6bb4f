package io.ketju.tensor.simd;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

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
    private static final long BLOCK_BYTES = VECTOR * LANES;

    /** Size of the buffer that every call needs: two blocks. */
    public static final long BUFFER_BYTES = 2 * BLOCK_BYTES;

    /** Rows of one step of two rounds lie this far from each other. */
    private static final int QUARTER = LANES / 4;

    /** One vector of zeros. */
    private static final long ZEROS = Arena.global().allocate(VECTOR, VECTOR).address();

    private static final FloatVector LOW = interleaving(0);
    private static final FloatVector HIGH = interleaving(LANES / 2);

    // Compiled on its own: joined to its callers, its masked rows went through the heap for good in some JVMs.
    private static MethodHandle edge = CompilationRoot.of(
            MethodHandles.lookup(),
            "edgeOnly",
            void.class,
            Edge.class,
            long.class,
            long.class,
            long.class,
            long.class,
            long.class);

    private VectorTranspose() {}

    /**
     * {@code y[j][i] = x[i][j]} for i and j below {@link VectorWidth#LANES}.
     *
     * @param x address of its first element
     * @param xStride bytes from one row of x to the next
     * @param y address of its first element
     * @param yStride bytes from one row of y to the next
     * @param buffer address of {@link #BUFFER_BYTES} bytes to overwrite
     */
    public static void block(long x, long xStride, long y, long yStride, long buffer) {
        switch (LANES) {
            case 4 -> twoRounds(x, xStride, y, yStride);
            case 8 -> {
                twoRounds(x, xStride, buffer, VECTOR);
                lastRound(buffer, y, yStride);
            }
            default -> fourRounds(x, xStride, y, yStride, buffer);
        }
    }

    /** One loop for both halves: the compiler has room for one copy of it in the loops of callers, but not for two. */
    private static void fourRounds(long x, long xStride, long y, long yStride, long buffer) {
        long from = x;
        long fromStride = xStride;
        long to = buffer;
        long toStride = VECTOR;
        for (int half = 0; half < 2; half++) {
            twoRounds(from, fromStride, to, toStride);
            from = buffer;
            fromStride = VECTOR;
            to = y;
            toStride = yStride;
        }
    }

    /**
     * {@code y[j][i] = x[i][j]} for a block at the end of a matrix. Touches nothing else of x and y.
     *
     * @param size how many rows and columns of x
     * @param x address of its first element
     * @param xStride bytes from one row of x to the next
     * @param y address of its first element
     * @param yStride bytes from one row of y to the next
     * @param buffer address of {@link #BUFFER_BYTES} bytes to overwrite
     */
    public static void edge(Edge size, long x, long xStride, long y, long yStride, long buffer) {
        try {
            edge.invokeExact(size, x, xStride, y, yStride, buffer);
        } catch (Throwable e) {
            throw CompilationRoot.rethrow(e);
        }
    }

    static void edgeOnly(Edge size, long x, long xStride, long y, long yStride, long buffer) {
        long block = inBuffer(size, x, xStride, buffer);
        VectorMask<Float> mask = first(size.rows);
        for (int row = 0; row < size.columns; row++) {
            store(load(block + row * VECTOR), y + row * yStride, mask);
        }
    }

    /**
     * As {@link #edge}, but fills the rows of y up to {@link VectorWidth#LANES} elements with zeros.
     *
     * @param size how many rows and columns of x
     * @param x address of its first element
     * @param xStride bytes from one row of x to the next
     * @param y address of its first element
     * @param yStride bytes from one row of y to the next
     * @param buffer address of {@link #BUFFER_BYTES} bytes to overwrite
     */
    public static void padded(Edge size, long x, long xStride, long y, long yStride, long buffer) {
        if (size.columns == LANES && LANES == 16) {
            long rows = buffer + BLOCK_BYTES;
            for (int i = 0; i < LANES; i++) {
                store(load(i < size.rows ? x + i * xStride : ZEROS), rows + i * VECTOR);
            }
            fourRounds(rows, VECTOR, y, yStride, buffer);
            return;
        }
        long block = inBuffer(size, x, xStride, buffer);
        for (int row = 0; row < size.columns; row++) {
            store(load(block + row * VECTOR), y + row * yStride);
        }
    }

    /** Transposes the block with zeros around it; returns where in the buffer. */
    private static long inBuffer(Edge size, long x, long xStride, long buffer) {
        VectorMask<Float> mask = first(size.columns);
        for (int row = 0; row < size.rows; row++) {
            store(load(x + row * xStride, mask), buffer + row * VECTOR);
        }
        VectorMemory.clear(buffer + size.rows * VECTOR, (LANES - size.rows) * VECTOR);
        block(buffer, VECTOR, buffer, VECTOR, buffer + BLOCK_BYTES);
        return buffer;
    }

    /**
     * Size of a block at the end of a matrix.
     *
     * @param rows rows of x, columns of y, 0 to {@link VectorWidth#LANES}
     * @param columns columns of x, rows of y, 0 to {@link VectorWidth#LANES}
     */
    public record Edge(int rows, int columns) {
        private static final Edge[] ALL = IntStream.range(0, (LANES + 1) * (LANES + 1))
                .mapToObj(i -> new Edge(i / (LANES + 1), i % (LANES + 1)))
                .toArray(Edge[]::new);

        /**
         * Checks the sizes; {@link #of} makes no new object.
         *
         * @throws IllegalArgumentException if one is out of its range
         */
        public Edge {
            require(rows, columns);
        }

        /**
         * {@return the one object of this size: packing asks for one per block, and must not fill the heap with them}
         *
         * @param rows rows of x, 0 to {@link VectorWidth#LANES}
         * @param columns columns of x, 0 to {@link VectorWidth#LANES}
         * @throws IllegalArgumentException if one is out of its range
         */
        public static Edge of(int rows, int columns) {
            require(rows, columns);
            return ALL[rows * (LANES + 1) + columns];
        }

        private static void require(int rows, int columns) {
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

    private static void twoRoundsOfFour(long x, long stride, long y, long yStride) {
        FloatVector a = load(x);
        FloatVector b = load(x, stride);
        FloatVector c = load(x, 2 * stride);
        FloatVector d = load(x, 3 * stride);
        FloatVector lowAC = low(a, c);
        FloatVector highAC = high(a, c);
        FloatVector lowBD = low(b, d);
        FloatVector highBD = high(b, d);
        store(low(lowAC, lowBD), y);
        store(high(lowAC, lowBD), y, yStride);
        store(low(highAC, highBD), y, 2 * yStride);
        store(high(highAC, highBD), y, 3 * yStride);
    }

    private static void lastRound(long buffer, long y, long yStride) {
        for (int i = 0; i < LANES / 2; i++) {
            FloatVector a = load(buffer + i * VECTOR);
            FloatVector b = load(buffer + (i + LANES / 2L) * VECTOR);
            store(low(a, b), y + 2L * i * yStride);
            store(high(a, b), y + (2L * i + 1) * yStride);
        }
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
