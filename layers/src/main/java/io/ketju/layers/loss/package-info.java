/**
 * Losses: value and gradient in one pass. {@code Loss.weight} says what the targets of a mini-batch weigh before its first
 * forward; {@code Loss.compute} then gives the sum of a micro-batch and a gradient that is already divided, by
 * {@code LossPass.scale}. {@code Losses} reads them from text, {@code Prediction} says what a model's outputs become. A {@code Metric} is measured
 * beside a loss; each loss lists those that make sense of it, and {@code Metrics} chooses among them by name.
 */
@NullMarked
package io.ketju.layers.loss;

import org.jspecify.annotations.NullMarked;
