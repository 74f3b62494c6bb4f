package io.ketju.tensor.simd;

import static io.ketju.tensor.simd.VectorWidth.LANES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Transposed blocks, element by element; the rest of the memory keeps its mark. Runs at every vector width. */
class VectorTransposeVectorTest {
    private static final int X_COLUMNS = LANES + 3;
    private static final int Y_COLUMNS = LANES + 5;
    private static final int MARK = -777;

    private final TensorArena arena = new TensorArena(1 << 20);
    private final Tensor x = ints(LANES + 1, X_COLUMNS);
    private final Tensor y = ints(LANES + 2, Y_COLUMNS);
    private final Tensor buffer = ints((int) VectorTranspose.BUFFER_BYTES / Float.BYTES);

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void block() {
        fill();
        VectorTranspose.block(at(x, 1), 4L * X_COLUMNS, at(y, 2), 4L * Y_COLUMNS, at(buffer, 0));
        assertTransposed(LANES, LANES);
    }

    @Test
    void edgesOfEverySize() {
        for (int rows = 0; rows <= LANES; rows++) {
            for (int columns = 0; columns <= LANES; columns++) {
                fill();
                var size = new VectorTranspose.Edge(rows, columns);
                VectorTranspose.edge(size, at(x, 1), 4L * X_COLUMNS, at(y, 2), 4L * Y_COLUMNS, at(buffer, 0));
                assertTransposed(rows, columns);
            }
        }
    }

    @Test
    void blocksLargerThanTheRegistersAreRefused() {
        assertThatThrownBy(() -> new VectorTranspose.Edge(LANES + 1, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected a block of at most %d rows and columns, found %d x 2", LANES, LANES + 1);
    }

    /** All bit patterns must survive: NaNs with a payload, subnormal numbers. */
    private void fill() {
        for (int i = 0; i < x.elements(); i++) {
            x.setInt(i, 0x7f800000 + i * 0x1234567);
        }
        for (int i = 0; i < y.elements(); i++) {
            y.setInt(i, MARK);
        }
    }

    private void assertTransposed(int rows, int columns) {
        for (int i = 0; i < y.elements(); i++) {
            int row = Math.floorDiv(i - 2, Y_COLUMNS);
            int column = Math.floorMod(i - 2, Y_COLUMNS);
            boolean written = row >= 0 && row < columns && column < rows;
            int expected = written ? x.getInt(1 + column * X_COLUMNS + row) : MARK;
            assertThat(y.getInt(i))
                    .as("%d x %d, row %d, column %d", rows, columns, row, column)
                    .isEqualTo(expected);
        }
    }

    private Tensor ints(int... dimensions) {
        return arena.allocate(DType.INT32, Shape.of(dimensions));
    }

    private static long at(Tensor tensor, int element) {
        return VectorMemory.address(tensor) + 4L * element;
    }
}
