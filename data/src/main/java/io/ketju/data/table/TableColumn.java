package io.ketju.data.table;

import io.ketju.tensor.Excerpt;
import java.util.List;
import java.util.OptionalDouble;

/** How one column of a table becomes numbers. */
public sealed interface TableColumn {
    /** Most different words of one column. */
    int MOST_WORDS = 100;

    /** {@return the name in the heading} */
    String name();

    /** {@return how many numbers a field becomes} */
    int width();

    /** {@return whether a field may be missing} */
    boolean fills();

    /**
     * Writes what a missing field becomes. Only for a column that {@link #fills}.
     *
     * @param into the numbers of one row, zeros so far
     * @param at where those of this column begin
     */
    void encodeMissing(float[] into, int at);

    /**
     * Writes what a field becomes.
     *
     * @param field as it stands in the file
     * @param into the numbers of one row, zeros so far
     * @param at where those of this column begin
     * @throws IllegalArgumentException saying what was expected, if the field is none of the column
     */
    void encode(String field, float[] into, int at);

    /**
     * A column of numbers: {@code (x - mean) / std}.
     *
     * @param name in the heading
     * @param mean of the training rows, or what another scaling has in its place
     * @param std standard deviation of the training rows, or what another scaling has in its place; above 0
     * @param fill x of a missing field; empty if none may be missing
     */
    record Numbers(String name, double mean, double std, OptionalDouble fill) implements TableColumn {
        /**
         * A column of which no field may be missing.
         *
         * @param name in the heading
         * @param mean of the training rows, or what another scaling has in its place
         * @param std standard deviation of the training rows, or what another scaling has in its place; above 0
         */
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
     * @param name in the heading
     * @param words sorted
     * @param fills whether a field may be missing, which is none of the words then: zeros
     */
    record Words(String name, List<String> words, boolean fills) implements TableColumn {
        /** Copies the words. */
        public Words {
            words = List.copyOf(words);
        }

        /**
         * A column of which no field may be missing.
         *
         * @param name in the heading
         * @param words sorted
         */
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

    /**
     * {@return whether a field is a decimal number that a float can hold; neither {@code NaN} nor {@code Infinity} is one}
     *
     * @param field as it stands in the file, without space around it
     */
    static boolean isNumber(String field) {
        return field.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?") && Float.isFinite(Float.parseFloat(field));
    }

    /**
     * {@return the number that a field is}
     *
     * @param field as it stands in the file
     * @throws IllegalArgumentException saying what was expected, if it is no {@link #isNumber number}
     */
    static double number(String field) {
        if (!isNumber(field)) {
            throw new IllegalArgumentException("a number");
        }
        return Double.parseDouble(field);
    }
}
