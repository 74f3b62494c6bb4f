package io.ketju.data.table;

import java.util.List;

/**
 * What is done with a table beside choosing its columns.
 *
 * @param missing what becomes of a missing value
 * @param missingWords words that say that a value is missing, beside nothing at all
 * @param scaling what becomes of numbers; measured over the training rows alone
 * @param numbers columns that are declared to be of numbers; others show what they are by their fields
 * @param words columns that are declared to be of words, numbers among them: postal codes
 * @param split which rows are tested with
 * @param delimiter between two fields of a {@code .csv}
 */
public record TableRules(
        Missing missing,
        List<String> missingWords,
        Scaling scaling,
        List<String> numbers,
        List<String> words,
        Split split,
        char delimiter) {
    /** What other programs write for a missing value. */
    public static final List<String> USUAL_MISSING = List.of("NA", "N/A", "NaN", "nan", "NULL", "null", "None", "?");

    /** What becomes of a missing value; a missing target is never made up. */
    public enum Missing {
        /** It is an error, which names the line. */
        REFUSE,
        /** Its row is left out. */
        DROP,
        /** A number is the mean of those that the training rows have, a word is none of the words. */
        FILL
    }

    /** What becomes of a number x, by the training rows. */
    public enum Scaling {
        /** (x - mean) / standard deviation. */
        STANDARD,
        /** x - mean. */
        CENTER,
        /** (x - smallest) / (largest - smallest): 0 to 1. */
        MINMAX,
        /** x. */
        NONE
    }

    /**
     * Which rows are tested with: a random share of them, rounded up; the same ones each time.
     *
     * @param test above 0, below 1
     * @param seed which rows those are
     */
    public record Split(double test, long seed) {
        private static final double TEST = 0.2;
        /** Shares are written in decimals: that of 0.2 of 35 rows is 7, not a hair more. */
        private static final double HAIR = 1e-9;

        /** A fifth. */
        public static final Split FIFTH = new Split(TEST, 0);

        /**
         * Checks the share.
         *
         * @throws IllegalArgumentException if it is not between 0 and 1
         */
        public Split {
            if (!(test > 0 && test < 1)) {
                throw new IllegalArgumentException("expected a share above 0 and below 1, found " + test);
            }
        }

        int trainRows(int rows) {
            return rows - (int) Math.ceil(rows * test - HAIR);
        }
    }

    /** Nothing may be missing, numbers are standardised, a fifth is tested with. */
    public static final TableRules USUAL =
            new TableRules(Missing.REFUSE, List.of(), Scaling.STANDARD, List.of(), List.of(), Split.FIFTH, ',');

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if a column is declared to be of numbers and of words
     */
    public TableRules {
        missingWords = List.copyOf(missingWords);
        numbers = List.copyOf(numbers);
        words = List.copyOf(words);
        for (String name : numbers) {
            if (words.contains(name)) {
                throw new IllegalArgumentException("expected '" + name + "' among numbers or words, found it in both");
            }
        }
    }

    TableFormat format() {
        return new TableFormat(delimiter, missingWords, missing == Missing.DROP);
    }
}
