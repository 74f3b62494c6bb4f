package io.ketju.data.column;

import io.ketju.data.BadDataException;
import io.ketju.data.Batch;
import java.util.Arrays;

/**
 * Sequences of unequal length, from which {@link PaddedColumn}, {@link LengthColumn} and {@link MaskColumn} are made: what
 * belongs together is padded alike.
 */
public final class Sequences {
    private final Rows rows;
    private final int multiple;
    private final int longest;

    /** Where the elements lie, on the heap or elsewhere. Immutable; any thread may ask. */
    public interface Rows {
        /** {@return the number of sequences} */
        int size();

        /**
         * {@return the number of elements of a sequence}, which is asked for more often than they are
         *
         * @param row 0 to size-1
         */
        int length(int row);

        /**
         * {@return the elements of a sequence, not to be written to}
         *
         * @param row 0 to size-1
         */
        int[] row(int row);
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record HeldRows(int[]... rows) implements Rows {
        @Override
        public int size() {
            return rows.length;
        }

        @Override
        public int length(int row) {
            return rows[row].length;
        }

        @Override
        public int[] row(int row) {
            return rows[row];
        }
    }

    private Sequences(Rows rows, int multiple, int longest) {
        this.rows = rows;
        this.multiple = multiple;
        this.longest = longest;
    }

    /**
     * Takes sequences that are padded to the longest of a micro-batch. Copies the arrays.
     *
     * @param name for errors
     * @param rows one sequence per sample, each of at least one element
     * @return the sequences, with a multiple of 1
     * @throws BadDataException if a sequence is empty, naming it
     */
    public static Sequences of(String name, int[]... rows) {
        return of(name, new HeldRows(Arrays.stream(rows).map(int[]::clone).toArray(int[][]::new)));
    }

    /**
     * Takes sequences that lie somewhere and need not be held, padded to the longest of a micro-batch.
     *
     * @param name for errors
     * @param rows one sequence per sample, each of at least one element
     * @return the sequences, with a multiple of 1
     * @throws BadDataException if a sequence is empty, naming it
     */
    public static Sequences of(String name, Rows rows) {
        int longest = 0;
        for (int i = 0; i < rows.size(); i++) {
            int length = rows.length(i);
            if (length == 0) {
                throw BadDataException.of(name + ", sample " + i, "a sequence of at least one element", "an empty one");
            }
            longest = Math.max(longest, length);
        }
        return new Sequences(rows, 1, longest);
    }

    /**
     * {@return the same sequences, padded to a multiple of so many elements: fewer different lengths, more padding}
     *
     * @param elements at least 1
     * @throws IllegalArgumentException if it is less
     */
    public Sequences paddedToMultipleOf(int elements) {
        if (elements < 1) {
            throw new IllegalArgumentException("expected a multiple of at least 1, found " + elements);
        }
        return new Sequences(rows, elements, longest);
    }

    int size() {
        return rows.size();
    }

    int length(int sample) {
        return rows.length(sample);
    }

    /** The elements of a sequence, not to be written to. */
    int[] row(int sample) {
        return rows.row(sample);
    }

    /** Length to which a sequence of this length is padded, if it is the longest. */
    private int bucket(int length) {
        return Math.multiplyExact(Math.ceilDiv(length, multiple), multiple);
    }

    /** {@return the padded length of the longest sequence of all; 0 if there is none} */
    public int longest() {
        return bucket(longest);
    }

    /** Padded length of these samples. */
    int longest(Batch samples) {
        int most = 0;
        for (int i = 0; i < samples.size(); i++) {
            most = Math.max(most, length(samples.sample(i)));
        }
        return bucket(most);
    }

    int multiple() {
        return multiple;
    }
}
