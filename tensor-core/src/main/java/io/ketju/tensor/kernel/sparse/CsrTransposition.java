package io.ketju.tensor.kernel.sparse;

import io.ketju.tensor.Tensor;

/**
 * The transposed matrix in memory of the caller, for matrices that are known only during a step. Unlike {@link
 * CsrBuilder#transposed} it allocates nothing and leaves elements of the same place apart.
 */
public final class CsrTransposition {
    private CsrTransposition() {}

    /**
     * {@return the transposed matrix. Rows become columns in their order, so that every element of a product has one order of its sum}
     *
     * @param a stays
     * @param pointers INT32 [columns of a + 1], overwritten: row pointers of the result
     * @param indexes INT32 [elements], overwritten: column indexes of the result
     * @param values FLOAT32 [elements], overwritten: values of the result
     * @param next INT32 [columns of a], overwritten: scratch
     */
    public static CsrMatrix of(CsrMatrix a, Tensor pointers, Tensor indexes, Tensor values, Tensor next) {
        starts(a, pointers, next);
        for (int row = 0; row < a.rows(); row++) {
            for (int e = a.rowPointers().getInt(row); e < a.rowPointers().getInt(row + 1); e++) {
                int column = a.columnIndexes().getInt(e);
                int place = next.getInt(column);
                next.setInt(column, place + 1);
                indexes.setInt(place, row);
                values.setFloat(place, a.values().getFloat(e));
            }
        }
        return new CsrMatrix(/* rows= */ a.columns(), /* columns= */ a.rows(), pointers, indexes, values);
    }

    /** Where each row of the result begins: counts of the columns, added up. */
    private static void starts(CsrMatrix a, Tensor pointers, Tensor next) {
        next.clear();
        for (int e = 0; e < a.elements(); e++) {
            int column = a.columnIndexes().getInt(e);
            next.setInt(column, next.getInt(column) + 1);
        }
        int start = 0;
        for (int column = 0; column < a.columns(); column++) {
            int count = next.getInt(column);
            pointers.setInt(column, start);
            next.setInt(column, start);
            start += count;
        }
        pointers.setInt(a.columns(), start);
    }
}
