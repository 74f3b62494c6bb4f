package io.ketju.report.gather;

import java.util.List;

/**
 * Samples that cannot be drawn, a row each.
 *
 * @param note what is to be known of them
 * @param headings of the columns
 * @param rows as long as the headings
 */
public record SampleTable(String note, List<String> headings, List<List<String>> rows) {
    /** Copies the lists. */
    public SampleTable {
        headings = List.copyOf(headings);
        rows = rows.stream().map(List::copyOf).toList();
    }
}
