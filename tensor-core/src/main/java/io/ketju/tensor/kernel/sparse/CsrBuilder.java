package io.ketju.tensor.kernel.sparse;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Builds sparse matrices before a run. Plain loops in a fixed order; the memory is the arena's. */
public final class CsrBuilder {
    private CsrBuilder() {}

    /**
     * {@return the matrix of a list of coordinates and values in any order. Elements are sorted by row and column; values of the same
     * place are summed in the order of the list}
     *
     * @param rows of the matrix
     * @param columns of the matrix
     * @param rowIndexes the row of each element, from 0
     * @param columnIndexes the column of each element, from 0
     * @param values of the elements
     * @param arena has the memory of the result, and must stay open as long as that
     * @throws IllegalArgumentException if the lists are of different lengths, or a coordinate is outside
     */
    public static CsrMatrix fromCoordinates(
            int rows, int columns, int[] rowIndexes, int[] columnIndexes, float[] values, TensorArena arena) {
        if (rowIndexes.length != columnIndexes.length || rowIndexes.length != values.length) {
            throw new IllegalArgumentException("coordinates: expected as many rows, columns and values, found "
                    + rowIndexes.length + ", " + columnIndexes.length + " and " + values.length);
        }
        // Sorting by column and then, keeping that order, by row.
        int[] order = sorted(sorted(null, columnIndexes, columns, "column"), rowIndexes, rows, "row");
        int[] pointers = new int[rows + 1];
        int[] places = new int[order.length];
        float[] sums = new float[order.length];
        int count = 0;
        for (int i = 0; i < order.length; i++) {
            int at = order[i];
            int before = i == 0 ? -1 : order[i - 1];
            boolean same = i > 0 && rowIndexes[at] == rowIndexes[before] && columnIndexes[at] == columnIndexes[before];
            if (same) {
                sums[count - 1] += values[at];
            } else {
                places[count] = columnIndexes[at];
                sums[count++] = values[at];
                pointers[rowIndexes[at] + 1] = count;
            }
        }
        for (int row = 1; row <= rows; row++) {
            // Empty rows end where the one before them ends.
            pointers[row] = Math.max(pointers[row], pointers[row - 1]);
        }
        return matrix(rows, columns, pointers, places, sums, arena);
    }

    /**
     * {@return the transposed matrix; the elements of its rows ascend by column, and those of one place are summed}
     *
     * @param a stays
     * @param arena has the memory of the result, and must stay open as long as that
     */
    public static CsrMatrix transposed(CsrMatrix a, TensorArena arena) {
        int[] rows = rowOfElements(a);
        return fromCoordinates(
                a.columns(), a.rows(), ints(a.columnIndexes()), rows, a.values().toFloats(), arena);
    }

    /** Positions in ascending order of their key, equal keys in the order before; null for the order of the list. */
    private static int[] sorted(int @Nullable [] order, int[] keys, int bound, String what) {
        int[] starts = new int[bound + 1];
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] < 0 || keys[i] >= bound) {
                throw new IllegalArgumentException("coordinates: " + what + " " + keys[i] + " of element " + i
                        + " is not from 0 to " + (bound - 1));
            }
            starts[keys[i] + 1]++;
        }
        for (int key = 0; key < bound; key++) {
            starts[key + 1] += starts[key];
        }
        int[] result = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            int at = order == null ? i : order[i];
            result[starts[keys[at]]++] = at;
        }
        return result;
    }

    private static CsrMatrix matrix(
            int rows, int columns, int[] pointers, int[] places, float[] sums, TensorArena arena) {
        int count = pointers[rows];
        Tensor rowPointers = arena.allocate(DType.INT32, Shape.of(rows + 1));
        Tensor columnIndexes = arena.allocate(DType.INT32, Shape.of(count));
        Tensor values = arena.allocate(Shape.of(count));
        for (int row = 0; row <= rows; row++) {
            rowPointers.setInt(row, pointers[row]);
        }
        for (int e = 0; e < count; e++) {
            columnIndexes.setInt(e, places[e]);
            values.setFloat(e, sums[e]);
        }
        return new CsrMatrix(rows, columns, rowPointers, columnIndexes, values);
    }

    private static int[] rowOfElements(CsrMatrix a) {
        int[] rows = new int[a.elements()];
        for (int row = 0; row < a.rows(); row++) {
            Arrays.fill(rows, a.rowPointers().getInt(row), a.rowPointers().getInt(row + 1), row);
        }
        return rows;
    }

    private static int[] ints(Tensor tensor) {
        int[] result = new int[tensor.elements()];
        for (int i = 0; i < result.length; i++) {
            result[i] = tensor.getInt(i);
        }
        return result;
    }
}
