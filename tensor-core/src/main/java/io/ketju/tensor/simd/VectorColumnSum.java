package io.ketju.tensor.simd;

import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.get;
import static io.ketju.tensor.simd.VectorMemory.getInt;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.set;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.memory.Scratch;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The sums of {@link ColumnSum} of neighbouring columns at once. A single block, the usual case, is added at once; of more
 * the sums are kept side by side first, and then added one by one: once in 256 rows, vectors of doubles would gain little,
 * and in code that runs so rarely that it is long not compiled they are objects.
 */
public final class VectorColumnSum {
    /**
     * Some rows of a matrix.
     *
     * @param stride bytes from a row to the next
     * @param list address of the INT32 numbers of those meant, in their order; 0 for all from the first on
     * @param count how many are meant
     */
    public record Rows(long stride, long list, int count) {
        private int blocks() {
            return Math.ceilDiv(count, ColumnSum.BLOCK);
        }

        private void addBlock(long x, int block, long y, int n) {
            int start = block * ColumnSum.BLOCK;
            int rows = Math.min(ColumnSum.BLOCK, count - start);
            if (list == 0) {
                VectorColumnSum.addBlock(x + start * stride, stride, rows, y, n);
                return;
            }
            try {
                listed.invokeExact(x, stride, list + start * 4L, rows, y, n);
            } catch (Throwable e) {
                throw CompilationRoot.rethrow(e);
            }
        }
    }

    // Compiled on its own: see CompilationRoot.
    private static MethodHandle listed =
            handle("addListed", long.class, long.class, long.class, int.class, long.class, int.class);

    private VectorColumnSum() {}

    private static MethodHandle handle(String method, Class<?>... parameters) {
        return CompilationRoot.of(MethodHandles.lookup(), method, void.class, parameters);
    }

    /**
     * {@code y[j] += sum of x[i][j]}, for all rows from 0 on.
     *
     * @param x address of the first row
     * @param stride bytes from a row to the next
     * @param rows how many
     * @param y address of the sums
     * @param n columns
     * @param scratch gives memory for the time of this call
     */
    public static void add(long x, long stride, int rows, long y, int n, Scratch scratch) {
        if (rows <= ColumnSum.BLOCK) {
            addBlock(x, stride, rows, y, n);
        } else {
            add(x, new Rows(stride, 0, rows), y, n, scratch);
        }
    }

    /**
     * {@code y[j] += sum of x[i][j]}, for some rows.
     *
     * @param x address of row 0
     * @param rows which
     * @param y address of the sums
     * @param n columns
     * @param scratch gives memory for the time of this call
     */
    public static void add(long x, Rows rows, long y, int n, Scratch scratch) {
        long mark = scratch.mark();
        long blocks = scratch.address((long) rows.blocks() * n * 4);
        VectorMemory.clear(blocks, (long) rows.blocks() * n * 4);
        for (int block = 0; block < rows.blocks(); block++) {
            rows.addBlock(x, block, blocks + (long) block * n * 4, n);
        }
        addBlocks(blocks, n * 4L, rows.blocks(), y, n);
        scratch.release(mark);
    }

    /**
     * {@code y[j] += sum of blocks[i][j]}, the numbers being the sums of blocks already: added in double, rounded once.
     *
     * @param blocks address of those of the first block
     * @param stride bytes from one block to the next
     * @param count blocks
     * @param y address of the sums
     * @param n columns
     */
    public static void addBlocks(long blocks, long stride, int count, long y, int n) {
        for (int j = 0; j < n; j++) {
            double total = 0;
            long from = blocks + j * 4L;
            for (int i = 0; i < count; i++, from += stride) {
                total += get(from);
            }
            set(y + j * 4L, get(y + j * 4L) + (float) total);
        }
    }

    /** Of one block. */
    static void addBlock(long x, long stride, int rows, long y, int n) {
        int j = 0;
        for (; j <= n - LANES; j += LANES) {
            FloatVector sum = FloatVector.zero(SPECIES);
            long from = x + j * 4L;
            for (int row = 0; row < rows; row++, from += stride) {
                sum = sum.add(load(from));
            }
            store(load(y + j * 4L).add(sum), y + j * 4L);
        }
        if (j < n) {
            VectorMask<Float> mask = first(n - j);
            FloatVector sum = FloatVector.zero(SPECIES);
            long from = x + j * 4L;
            for (int row = 0; row < rows; row++, from += stride) {
                sum = sum.add(load(from, mask));
            }
            store(load(y + j * 4L, mask).add(sum), y + j * 4L, mask);
        }
    }

    static void addListed(long x, long stride, long list, int rows, long y, int n) {
        int j = 0;
        for (; j <= n - LANES; j += LANES) {
            FloatVector sum = FloatVector.zero(SPECIES);
            long from = x + j * 4L;
            for (int i = 0; i < rows; i++) {
                sum = sum.add(load(from + getInt(list + i * 4L) * stride));
            }
            store(load(y + j * 4L).add(sum), y + j * 4L);
        }
        if (j < n) {
            VectorMask<Float> mask = first(n - j);
            FloatVector sum = FloatVector.zero(SPECIES);
            long from = x + j * 4L;
            for (int i = 0; i < rows; i++) {
                sum = sum.add(load(from + getInt(list + i * 4L) * stride, mask));
            }
            store(load(y + j * 4L, mask).add(sum), y + j * 4L, mask);
        }
    }
}
