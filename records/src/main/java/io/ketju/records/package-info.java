/**
 * What is kept of a run, beside its checkpoints, and how it is told. {@link io.ketju.records.RunRecords} is the way in: a listener
 * that writes the numbers of a run into its folder, as CSV, as JSON lines and for TensorBoard; {@link io.ketju.records.RunSummary}
 * reads them again, of one run or of all in a folder.
 *
 * <p>The path of one event: the run tells {@code RunRecords.on}, which passes it on; {@code table.MetricsCsv} makes a row of it,
 * {@code tensorboard.TensorBoardEvents} an event with a value for each number, and each appends that to its file. {@code sample}
 * shows what the model says of samples, {@code timeline} what ranks do when, {@code text} says numbers and jobs in words.
 */
@NullMarked
package io.ketju.records;

import org.jspecify.annotations.NullMarked;
