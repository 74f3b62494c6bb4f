/**
 * Samples from arrays, column by column: {@link io.ketju.data.column.ColumnSamples} holds one {@link
 * io.ketju.data.column.Column} for each input and target of a model. {@link io.ketju.data.column.Sequences} of unequal length,
 * on the heap or elsewhere, give three kinds of column, which are padded to the longest of a micro-batch.
 *
 * <pre>
 * Sequences ──► PaddedColumn, LengthColumn, MaskColumn ─┐
 * arrays ─────► IntColumn, FloatColumn ─────────────────┴─► ColumnSamples ──► SampleBatches
 * </pre>
 */
@NullMarked
package io.ketju.data.column;

import org.jspecify.annotations.NullMarked;
