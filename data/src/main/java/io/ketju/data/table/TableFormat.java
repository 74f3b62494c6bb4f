package io.ketju.data.table;

import java.util.List;

/**
 * How fields stand in a file, and which are missing. A run keeps it beside its encoding, so that other files are read alike.
 *
 * @param delimiter between two fields; in a {@code .tsv} it is the tab, whatever stands here
 * @param missing words that stand where a value is missing, beside nothing at all; case counts
 * @param drop whether rows with a missing value are left out where samples are learnt from or measured
 */
public record TableFormat(char delimiter, List<String> missing, boolean drop) {
    private static final char COMMA = ',';
    private static final char TAB = '\t';

    /** Commas, and nothing may be missing. */
    public static final TableFormat CSV = new TableFormat(COMMA, List.of(), false);

    /**
     * Copies the words.
     *
     * @throws IllegalArgumentException if the delimiter is a quote or the end of a line
     */
    public TableFormat {
        missing = List.copyOf(missing);
        if (delimiter == '"' || delimiter == '\n' || delimiter == '\r') {
            throw new IllegalArgumentException(
                    "expected a delimiter that is no quote and no end of a line, found " + (int) delimiter);
        }
    }

    /** As a file of this name has it. */
    TableFormat of(String file) {
        boolean tabs = file.matches("(?s).*\\.tsv(\\.[a-z.]+)?");
        return tabs ? new TableFormat(TAB, missing, drop) : this;
    }

    boolean isMissing(String field) {
        return field.isEmpty() || missing.contains(field);
    }
}
