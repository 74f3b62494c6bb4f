/**
 * Scaled dot-product attention without the matrix of all scores in memory. {@link
 * io.ketju.tensor.kernel.attention.AttentionKernels} says what is computed and in which order, {@code ScalarAttention}
 * defines the bits, {@code VectorAttention} gives the same bits fast.
 *
 * <pre>
 * queries lie in the lanes of registers, so softmax never sums across lanes:
 *
 *                     a block of queries (lanes) ──▶
 *    a block of   ┌──────────────────────────┐
 *    keys         │ scores, then weights     │   BlockWeights: max and sum of each query so far, down the keys
 *        │        └──────────────────────────┘
 *        ▼
 *
 * forward   ForwardPass     one task per head and span of some blocks of queries
 *             ForwardBlock  QueryTile turns the queries; for each block of keys (KeyBlock):
 *                             Products      scores = k · q          (micro-kernels of the room matrix)
 *                             BlockWeights  weights and what the sums so far are multiplied by
 *                             Products      y += vᵀ · weights
 *                           keeps the logarithm of each query's sum for backward
 *
 * backward  BackwardPass    one task per head, or per section of its queries where heads are few
 *             QueryBlock    makes queries, dy and their dot products ready
 *             BackwardBlock weights again from the kept logarithms, then dv, ds, dk and dq of one pair of blocks
 *           sections add up their dk and dv at last, in order
 * </pre>
 *
 * <p>{@code Attention} has sizes, scale, and which keys a query sees (causal, lengths); {@code Layout} says how blocks lie
 * in scratch memory, {@code Workspace} holds the left operands of products on the heap.
 */
@NullMarked
package io.ketju.tensor.kernel.attention;

import org.jspecify.annotations.NullMarked;
