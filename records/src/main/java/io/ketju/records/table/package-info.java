/**
 * The numbers of a run as rows of a file: {@link io.ketju.records.table.MetricsCsv} and {@link io.ketju.records.table.MetricsJson}
 * write one for each step and two for each epoch, {@link io.ketju.records.table.ConfusionCsv} one for each pair of classes;
 * {@link io.ketju.records.table.MetricsTable} reads the first again. An event comes to {@code MetricRows.on}, which says to which step
 * it belongs; the format makes a line of it, and {@code RowFile} appends the line.
 */
@NullMarked
package io.ketju.records.table;

import org.jspecify.annotations.NullMarked;
