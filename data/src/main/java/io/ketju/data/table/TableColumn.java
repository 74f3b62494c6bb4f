package io.ketju.data.table;

import io.ketju.tensor.Excerpt;
import java.util.List;
import java.util.OptionalDouble;

/** How one column of a table becomes numbers. */
public sealed interface TableColumn {
    /** Most different words of one column. */
    int MOST_WORDS = 100;

    /** Name in the heading. */
    String name();

    /** How many numbers a field becomes. */
    int width();

    /** Whether a field may be missing. */
    boolean fills();

    /** Writes what a missing field becomes from a position on, if it may be. */
    void encodeMissing(float[] into, int at);

    /** Writes what a field becomes from a position on; throws {@link IllegalArgumentException} saying what was expected. */
    void encode(String field, float[] into, int at);

    /**
     * A column of numbers: {@code (x - mean) / std}, of which mean and std are those of the training rows, or what another scaling
     * has in their place.
     *
     * @param fill x of a missing field; empty if none may be missing
     */
    record Numbers(String name, double mean, double std, OptionalDouble fill) implements TableColumn {
        /** Of which none may be missing. */
        public Numbers(String name, double mean, double std) {
            this(name, mean, std, OptionalDouble.empty());
        }

        @Override
        public boolean fills() {
            return fill.isPresent();
        }

        @Override
        public void encodeMissing(float[] into, int at) {
            into[at] = (float) ((fill.orElseThrow() - mean) / std);
        }

        @Override
        public int width() {
            return 1;
        }

        @Override
        public void encode(String field, float[] into, int at) {
            into[at] = (float) ((number(field) - mean) / std);
        }
    }

    /**
     * A column of words: for each of them 1 where it stands, else 0.
     *
     * @param words sorted
     * @param fills whether a field may be missing, which is none of the words then: zeros
     */
    record Words(String name, List<String> words, boolean fills) implements TableColumn {
        public Words {
            words = List.copyOf(words);
        }

        /** Of which none may be missing. */
        public Words(String name, List<String> words) {
            this(name, words, false);
        }

        @Override
        public void encodeMissing(float[] into, int at) {
            // None of the words: what is there is zeros.
        }

        @Override
        public int width() {
            return words.size();
        }

        @Override
        public void encode(String field, float[] into, int at) {
            into[at + index(field)] = 1;
        }

        int index(String field) {
            int index = words.indexOf(field);
            if (index < 0) {
                throw new IllegalArgumentException("one of " + Excerpt.of(String.join(", ", words)));
            }
            return index;
        }
    }

    static boolean isNumber(String field) {
        return field.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?") && Float.isFinite(Float.parseFloat(field));
    }

    /** Throws {@link IllegalArgumentException} saying what was expected. */
    static double number(String field) {
        if (!isNumber(field)) {
            throw new IllegalArgumentException("a number");
        }
        return Double.parseDouble(field);
    }
}
