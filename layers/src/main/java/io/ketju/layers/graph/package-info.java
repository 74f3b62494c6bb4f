/**
 * What graph networks propagate by. {@link io.ketju.layers.graph.SparseMatMul} takes a matrix as it is, {@code
 * NormalizedPropagation} makes that of graph convolutions of it, {@code NeighborAggregation} takes neighbours together, and
 * {@code GraphAttention} weighs them. A graph is a matrix in compressed rows whose row i lists whose messages node i gets.
 */
@NullMarked
package io.ketju.layers.graph;

import org.jspecify.annotations.NullMarked;
