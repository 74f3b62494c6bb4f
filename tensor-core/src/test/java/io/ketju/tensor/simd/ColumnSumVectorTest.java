package io.ketju.tensor.simd;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.testing.Samples;
import org.junit.jupiter.api.Test;

/** Sums over rows in vectors against {@link ColumnSum}, bit for bit. Runs at every vector width. */
class ColumnSumVectorTest {
    private static final int[] ROWS = {0, 1, 5, ColumnSum.BLOCK - 1, ColumnSum.BLOCK, ColumnSum.BLOCK + 1, 512, 700};

    @Test
    void wholeColumns() {
        for (int columns : Samples.AWKWARD_SIZES) {
            for (int rows : ROWS) {
                try (Samples samples = new Samples(rows);
                        Scratch scratch = new Scratch()) {
                    Tensor x = samples.normal(rows, columns);
                    Tensor actual = samples.normal(columns);
                    Tensor expected = samples.copy(actual);
                    add(x, rows, 0, expected);
                    long from = VectorMemory.address(x);
                    VectorColumnSum.add(from, columns * 4L, rows, VectorMemory.address(actual), columns, scratch);
                    samples.assertSameBits("sums of " + rows + " rows", actual, expected);
                }
            }
        }
    }

    /** Each part of the columns has another number of rows, and rows of all parts take turns. */
    @Test
    void partsOfColumnsInTurns() {
        try (Samples samples = new Samples(1);
                Scratch scratch = new Scratch()) {
            int[] widths = {5, 16, 33, 1};
            int[] rows = {700, ColumnSum.BLOCK, 3, 2 * ColumnSum.BLOCK};
            int columns = 55;
            Tensor x = samples.normal(700, columns);
            Tensor actual = samples.normal(columns);
            Tensor expected = samples.copy(actual);
            long to = VectorMemory.address(actual);
            RunningColumnSums sums = new RunningColumnSums().begin(scratch, columns);
            for (int row = 0; row < 700; row++) {
                int column = 0;
                for (int part = 0; part < widths.length; part++) {
                    if (row < rows[part]) {
                        long from = VectorMemory.address(x) + 4L * (row * columns + column);
                        VectorColumnSum.addBlock(from, 0, 1, sums.address(column), widths[part]);
                        sums.added(row, column, widths[part]);
                    }
                    column += widths[part];
                }
            }
            int column = 0;
            for (int part = 0; part < widths.length; part++) {
                sums.addTo(to + 4L * column, rows[part], column, widths[part]);
                column += widths[part];
            }
            int first = 0;
            for (int part = 0; part < widths.length; part++) {
                Tensor results = expected.view(Shape.of(columns));
                for (int c = first; c < first + widths[part]; c++) {
                    results.setFloat(c, results.getFloat(c) + sum(x, rows[part], columns, c));
                }
                first += widths[part];
            }
            samples.assertSameBits("sums of parts", actual, expected);
        }
    }

    private static void add(Tensor x, int rows, int first, Tensor sums) {
        for (int c = first; c < sums.elements(); c++) {
            sums.setFloat(c, sums.getFloat(c) + sum(x, rows, sums.elements(), c));
        }
    }

    private static float sum(Tensor x, int rows, int columns, int column) {
        ColumnSum sum = new ColumnSum();
        for (int row = 0; row < rows; row++) {
            sum.add(x.getFloat(row * columns + column));
        }
        return sum.result();
    }
}
