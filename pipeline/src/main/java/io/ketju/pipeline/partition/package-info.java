/**
 * Cutting a model into stages.
 *
 * <p>The path of one cut: {@code LayerCost} says what each layer costs and {@code CutCost} what crosses behind it; {@code Partitioner}
 * balances them into a {@code Partition}; {@code GradientFlow} says which values get a gradient, {@code Cut} what crosses between
 * two stages, and {@code Ties} which parameters they share.
 */
@NullMarked
package io.ketju.pipeline.partition;

import org.jspecify.annotations.NullMarked;
