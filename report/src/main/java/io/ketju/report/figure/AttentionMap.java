package io.ketju.report.figure;

import java.util.List;

/**
 * A matrix of numbers from 0 to 1, a row for each query and a column for each key: what attends to what.
 *
 * @param name of a file of it, without an ending
 * @param title what stands above it
 * @param queries what the rows are
 * @param keys what the columns are
 * @param shares row by row
 */
public record AttentionMap(String name, String title, List<String> queries, List<String> keys, List<List<Float>> shares)
        implements Figure {
    /** Copies the lists. */
    public AttentionMap {
        queries = List.copyOf(queries);
        keys = List.copyOf(keys);
        shares = shares.stream().map(List::copyOf).toList();
    }
}
