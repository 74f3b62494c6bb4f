package io.ketju.data.table;

import io.ketju.data.file.Spill;
import io.ketju.data.table.Table.Row;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;
import java.util.function.Predicate;

/**
 * Takes in the rows of a table: as they are while they are few, and where their fields outgrow the heap as bytes in a file. Of those
 * a row is made each time that it is asked for.
 *
 * <pre>
 * a row in the file, little endian:  int32 line | for each field: int32 bytes, UTF-8
 * </pre>
 */
final class RowStore implements AutoCloseable {
    /** What a field takes of the heap beside its characters, about. */
    private static final int OVERHEAD = 48;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final long heapBytes;
    private List<Row> few = new ArrayList<>();
    private long bytes;
    private final Spill spill = new Spill(0);
    /** Where rows begin in the file. */
    private long[] begins = new long[0];

    private int stored;

    /** @param heapBytes that rows may take of the heap, about */
    RowStore(long heapBytes) {
        this.heapBytes = heapBytes;
    }

    int size() {
        return few.size() + stored;
    }

    void add(Row row) {
        for (String field : row.fields()) {
            bytes += OVERHEAD + 2L * field.length();
        }
        if (bytes <= heapBytes) {
            few.add(row);
            return;
        }
        few.forEach(this::store);
        few = List.of();
        store(row);
    }

    private void store(Row row) {
        if (stored == begins.length) {
            begins = Arrays.copyOf(begins, Math.max(1024, begins.length + begins.length / 2));
        }
        begins[stored++] = spill.size();
        List<byte[]> fields = row.fields().stream()
                .map(field -> field.getBytes(StandardCharsets.UTF_8))
                .toList();
        int size =
                fields.stream().mapToInt(field -> Integer.BYTES + field.length).sum();
        ByteBuffer written = ByteBuffer.allocate(Integer.BYTES + size).order(ByteOrder.LITTLE_ENDIAN);
        written.putInt(row.line());
        fields.forEach(field -> written.putInt(field.length).put(field));
        spill.write(written.array());
    }

    /** All rows, in their order. */
    List<Row> finish() {
        return stored == 0 ? few : new Stored(spill.finish(), Arrays.copyOf(begins, stored));
    }

    @Override
    public void close() {
        spill.close();
    }

    /** Those of some rows of which something is true: their numbers are found now, and the rows when they are asked for. */
    static List<Row> where(List<Row> rows, Predicate<Row> wanted) {
        int[] numbers = new int[rows.size()];
        int count = 0;
        for (int i = 0; i < numbers.length; i++) {
            if (wanted.test(rows.get(i))) {
                numbers[count++] = i;
            }
        }
        return new Chosen(rows, Arrays.copyOf(numbers, count));
    }

    private static final class Stored extends AbstractList<Row> implements RandomAccess {
        private final MemorySegment file;
        private final long[] begins;

        Stored(MemorySegment file, long[] begins) {
            this.file = file;
            this.begins = begins;
        }

        @Override
        public int size() {
            return begins.length;
        }

        @Override
        public Row get(int index) {
            long at = begins[index];
            long end = index + 1 < begins.length ? begins[index + 1] : file.byteSize();
            int line = file.get(INT, at);
            at += Integer.BYTES;
            List<String> fields = new ArrayList<>();
            while (at < end) {
                int length = file.get(INT, at);
                byte[] field = file.asSlice(at + Integer.BYTES, length).toArray(ValueLayout.JAVA_BYTE);
                fields.add(new String(field, StandardCharsets.UTF_8));
                at += Integer.BYTES + length;
            }
            return new Row(line, fields);
        }
    }

    private static final class Chosen extends AbstractList<Row> implements RandomAccess {
        private final List<Row> rows;
        private final int[] numbers;

        Chosen(List<Row> rows, int[] numbers) {
            this.rows = rows;
            this.numbers = numbers;
        }

        @Override
        public int size() {
            return numbers.length;
        }

        @Override
        public Row get(int index) {
            return rows.get(numbers[index]);
        }
    }
}
