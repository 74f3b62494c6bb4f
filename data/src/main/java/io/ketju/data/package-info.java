/**
 * Where training data comes from and in which order. {@link io.ketju.data.Datasets} opens data sets by name or path; a {@link
 * io.ketju.data.BatchSource} says what the micro-batches of a mini-batch are and fills them. {@link io.ketju.data.Batches}
 * alone knows which samples a step takes. Everything is immutable once opened and safe to read from any thread.
 *
 * <pre>
 * Dataset ──► DatasetSamples ─┐               Batches, MicrobatchSplit
 * column.ColumnSamples ───────┴─► SampleSource ──────► SampleBatches ─┐
 *                                                      GraphBatches ──┴─► BatchSource ──► BatchPlan, copy
 * </pre>
 *
 * <p>A data set that gives more than one input and one target, or whose samples vary, makes its batches in a way of its own: {@link
 * io.ketju.data.Dataset#batches}.
 */
@NullMarked
package io.ketju.data;

import org.jspecify.annotations.NullMarked;
