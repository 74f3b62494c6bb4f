package io.ketju.tensor.kernel.matrix;

import io.ketju.tensor.kernel.matrix.MicroKernel.Left;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

/**
 * Where the groups of rows of a {@link LeftBlock} start, one for each call of a micro-kernel: groups of
 * {@link LeftBlock#ROWS}, and at the end low ones where they leave much less to multiply in vain. Twenty rows are 6 + 6 + 4 + 4. Blocks of columns
 * do without: those of weight gradients have many rows, and each form of micro-kernel costs the compiler time.
 */
final class RowGroups {
    /** Blocks of up to so many rows share their groups with all others of as many. */
    private static final int SHARED = 512;

    /** Low groups must save one row in so many. */
    private static final int WORTH = 16;

    private static final AtomicReferenceArray<RowGroups> ROWS = new AtomicReferenceArray<>(SHARED + 1);
    private static final AtomicReferenceArray<RowGroups> COLUMNS = new AtomicReferenceArray<>(SHARED + 1);

    /** Where groups of {@link LeftBlock#ROWS} start. */
    final int[] high;
    /** Where groups of {@link LeftBlock#LOW_ROWS} start. */
    final int[] low;
    /** Where groups start if all are of {@link LeftBlock#ROWS}. */
    final int[] even;

    private RowGroups(Left left, int rows) {
        int end = left == Left.ROWS ? highRows(rows) : rows;
        high = starts(0, end, LeftBlock.ROWS);
        low = starts(end, rows, LeftBlock.LOW_ROWS);
        even = starts(0, rows, LeftBlock.ROWS);
    }

    /** The groups of so many rows. */
    static RowGroups of(Left left, int rows) {
        if (rows > SHARED) {
            return new RowGroups(left, rows);
        }
        AtomicReferenceArray<RowGroups> shared = left == Left.ROWS ? ROWS : COLUMNS;
        RowGroups groups = shared.getOpaque(rows);
        if (groups == null) {
            groups = new RowGroups(left, rows);
            shared.set(rows, groups);
        }
        return groups;
    }

    private static int[] starts(int from, int end, int step) {
        return IntStream.iterate(from, row -> row < end, row -> row + step).toArray();
    }

    /** How many of some rows come before the low groups. */
    private static int highRows(int rows) {
        int rest = rows % LeftBlock.ROWS;
        if (rest == 0 || rest > LeftBlock.LOW_ROWS) {
            return rows;
        }
        boolean isOne = rows < LeftBlock.ROWS || rest + LeftBlock.ROWS > 2 * LeftBlock.LOW_ROWS;
        int low = isOne ? rest : rest + LeftBlock.ROWS;
        int saved = (isOne ? 1 : 2) * (LeftBlock.ROWS - LeftBlock.LOW_ROWS);
        return saved * WORTH >= rows ? rows - low : rows;
    }
}
