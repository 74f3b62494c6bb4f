package io.ketju.data.column;

import io.ketju.data.BadDataException;
import io.ketju.data.Batch;
import java.util.Arrays;

/**
 * Sequences of unequal length, from which {@link PaddedColumn}, {@link LengthColumn} and {@link MaskColumn} are made: what
 * belongs together is padded alike.
 */
public final class Sequences {
    private final int[][] rows;
    private final int multiple;
    private final int longest;

    private Sequences(int[][] rows, int multiple) {
        this.rows = rows;
        this.multiple = multiple;
        this.longest = Arrays.stream(rows).mapToInt(row -> row.length).max().orElse(0);
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
        int[][] copies = new int[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            if (rows[i].length == 0) {
                throw BadDataException.of(name + ", sample " + i, "a sequence of at least one element", "an empty one");
            }
            copies[i] = rows[i].clone();
        }
        return new Sequences(copies, 1);
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
        return new Sequences(rows, elements);
    }

    int size() {
        return rows.length;
    }

    int length(int sample) {
        return rows[sample].length;
    }

    int element(int sample, int position) {
        return rows[sample][position];
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

    /** Of every sequence, without padding. */
    int[] lengths() {
        return Arrays.stream(rows).mapToInt(row -> row.length).toArray();
    }

    int[][] rows() {
        return rows;
    }

    int multiple() {
        return multiple;
    }
}
