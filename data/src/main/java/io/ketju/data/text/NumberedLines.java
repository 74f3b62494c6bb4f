package io.ketju.data.text;

import io.ketju.data.column.Sequences;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/** Lines as numbers of their tokens, which lie one behind the other as {@link TokenNumbers}; of each line {@link RowIndex} is held. */
final class NumberedLines implements Sequences.Rows {
    private final TokenNumbers numbers;
    private final RowIndex index;
    private final long unknown;

    private NumberedLines(TokenNumbers numbers, RowIndex index, long unknown) {
        this.numbers = numbers;
        this.index = index;
        this.unknown = unknown;
    }

    /** Takes in lines. */
    static final class Writer implements AutoCloseable {
        private final TextEncoding encoding;
        private final TokenNumbers.Writer numbers;
        private final RowIndex index;
        private long unknown;

        /**
         * @param encoding whose vocabulary has a number for what is not known
         * @param most lines
         * @param heapBytes that all numbers may take of the heap
         */
        Writer(TextEncoding encoding, int most, long heapBytes) {
            this.encoding = encoding;
            numbers = new TokenNumbers.Writer(encoding.vocabulary().size(), heapBytes);
            index = new RowIndex(most);
        }

        void add(String line) {
            int[] tokens = encoding.encode(line);
            numbers.add(tokens);
            index.add(tokens.length);
            unknown += encoding.unknown(tokens);
        }

        /** All of them; nothing is added any more. */
        NumberedLines finish() {
            return new NumberedLines(numbers.finish(), index, unknown);
        }

        @Override
        public void close() {
            numbers.close();
        }
    }

    @Override
    public int size() {
        return index.size();
    }

    @Override
    public int length(int row) {
        return index.length(row);
    }

    @Override
    public int[] row(int row) {
        return numbers.copy(index.begin(row), index.length(row));
    }

    /** How many tokens there are. */
    long tokens() {
        return numbers.size();
    }

    /** How many of them are not known. */
    long unknown() {
        return unknown;
    }

    /** The same as a list, whose arrays are copies. */
    List<int[]> asList() {
        return new Listed(this);
    }

    private static final class Listed extends AbstractList<int[]> implements RandomAccess {
        private final NumberedLines lines;

        Listed(NumberedLines lines) {
            this.lines = lines;
        }

        @Override
        public int size() {
            return lines.size();
        }

        @Override
        public int[] get(int index) {
            return lines.row(index);
        }
    }
}
