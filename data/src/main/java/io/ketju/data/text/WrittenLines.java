package io.ketju.data.text;

import io.ketju.data.file.Spill;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/** The tokens of lines as they are written, known or not: lines lie as UTF-8 one behind the other, and are cut each time that they are asked for. */
final class WrittenLines extends AbstractList<List<String>> implements RandomAccess {
    private final MemorySegment bytes;
    private final RowIndex index;
    private final Tokenizer tokenizer;

    private WrittenLines(MemorySegment bytes, RowIndex index, Tokenizer tokenizer) {
        this.bytes = bytes;
        this.index = index;
        this.tokenizer = tokenizer;
    }

    /** Takes in lines. */
    static final class Writer implements AutoCloseable {
        private final Spill spill;
        private final RowIndex index;
        private final Tokenizer tokenizer;

        /**
         * @param tokenizer cuts them
         * @param most lines
         * @param heapBytes that all may take of the heap
         */
        Writer(Tokenizer tokenizer, int most, long heapBytes) {
            this.tokenizer = tokenizer;
            spill = new Spill(heapBytes);
            index = new RowIndex(most);
        }

        void add(String line) {
            byte[] written = line.getBytes(StandardCharsets.UTF_8);
            spill.write(written);
            index.add(written.length);
        }

        /** All of them; nothing is added any more. */
        WrittenLines finish() {
            return new WrittenLines(spill.finish(), index, tokenizer);
        }

        @Override
        public void close() {
            spill.close();
        }
    }

    @Override
    public int size() {
        return index.size();
    }

    @Override
    public List<String> get(int line) {
        Objects.checkIndex(line, size());
        byte[] written = bytes.asSlice(index.begin(line), index.length(line)).toArray(ValueLayout.JAVA_BYTE);
        return tokenizer.split(new String(written, StandardCharsets.UTF_8));
    }
}
