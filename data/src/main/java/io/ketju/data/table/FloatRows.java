package io.ketju.data.table;

import io.ketju.data.file.Spill;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Rows of as many numbers each: on the heap, or in a file of which the system holds in memory what fits. Immutable.
 */
final class FloatRows {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment values;
    private final int width;
    private final int[] rows;

    private FloatRows(MemorySegment values, int width, int[] rows) {
        this.values = values;
        this.width = width;
        this.rows = rows;
    }

    /** Takes in rows, one behind the other. */
    static final class Writer implements AutoCloseable {
        private final Spill spill;
        private final int width;
        private int count;

        /** @param heapBytes that all may take of the heap */
        Writer(int width, long heapBytes) {
            this.width = width;
            spill = new Spill(heapBytes);
        }

        void add(float... row) {
            ByteBuffer bytes = ByteBuffer.allocate(width * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(row);
            spill.write(bytes.array());
            count++;
        }

        FloatRows finish() {
            return new FloatRows(
                    spill.finish(), width, IntStream.range(0, count).toArray());
        }

        @Override
        public void close() {
            spill.close();
        }
    }

    int size() {
        return rows.length;
    }

    int width() {
        return width;
    }

    /** Some of the rows. */
    FloatRows picked(int... numbers) {
        return new FloatRows(
                values,
                width,
                Arrays.stream(numbers).map(number -> rows[number]).toArray());
    }

    float get(int row, int column) {
        return values.get(FLOAT, ((long) rows[row] * width + column) * Float.BYTES);
    }

    /** A copy of one row. */
    float[] row(int number) {
        float[] row = new float[width];
        for (int i = 0; i < width; i++) {
            row[i] = get(number, i);
        }
        return row;
    }
}
