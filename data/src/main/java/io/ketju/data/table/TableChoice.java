package io.ketju.data.table;

import java.util.List;

/**
 * Which columns of a table are read.
 *
 * @param targets what is to be learnt: columns of numbers, or one column of words, which are classes then
 * @param features what it is learnt from; empty for all columns that are no targets
 */
public record TableChoice(List<String> targets, List<String> features) {
    /** Throws {@link IllegalArgumentException} without a target, or if a column is named twice. */
    public TableChoice {
        targets = List.copyOf(targets);
        features = List.copyOf(features);
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("expected at least one column as target, found none");
        }
        long different = java.util.stream.Stream.of(targets, features)
                .flatMap(List::stream)
                .distinct()
                .count();
        if (different < targets.size() + features.size()) {
            throw new IllegalArgumentException(
                    "expected every column once among targets and features, found " + targets + " and " + features);
        }
    }

    /**
     * {@return a choice by which all columns that are no targets are features}
     *
     * @param targets names of columns, at least one
     * @throws IllegalArgumentException without a target, or if one is named twice
     */
    public static TableChoice targets(String... targets) {
        return new TableChoice(List.of(targets), List.of());
    }
}
