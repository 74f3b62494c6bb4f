package io.ketju.tensor.kernel.attention;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.matrix.MatrixKernels;

/**
 * Scaled dot-product attention of many heads, {@code y = softmax(scale · q kᵀ) v}, without the matrix of all scores in
 * memory: Dao, "FlashAttention-2", 2023; PyTorch's {@code scaled_dot_product_attention}. Heads and
 * samples know nothing of each other; queries and keys may differ in number.
 *
 * <p>Order of operations. Queries are cut into blocks of {@link #QUERY_BLOCK}, keys into blocks of {@link #KEY_BLOCK},
 * widths into blocks of {@link MatrixKernels#K_BLOCK}, from 0 on. <em>Every</em> sum of products below is, for each block
 * of its index, one chain of fused multiply-adds from zero, ascending; the chains are added in ascending order of the
 * blocks, to +0. Sums over queries are formed so for each section of {@link #SECTION} queries, and what the sections give
 * is added in ascending order, to +0 again. Keys from a sample's length on are never touched. A causal query takes part
 * with the keys up to the end of its own block of queries only; those of them that are behind it have score -infinity and
 * so weight 0, but they take part in the chains: NaN or infinite values there spread within the block.
 *
 * <p>A mask is added to the scores behind those that are causal, or replaces them by -infinity where it is 0; m starts at
 * -{@link Float#MAX_VALUE} then. Factors multiply p in the chains, not in the total. Such an attention reads one number for
 * each query and key from memory.
 *
 * <p>Scores {@code s = Σ_d k[t,d] · (q[i,d] · scale)}. Weights {@code w(x)} are 0 for x below -87, else exp(x).
 */
public interface AttentionKernels {
    /** Queries of one block. Part of the definition: never tune it. */
    int QUERY_BLOCK = 64;

    /** Keys of one block: whole groups of rows of a left operand. Part of the definition, too. */
    int KEY_BLOCK = 96;

    /** Queries of one section: whole blocks. Part of the definition, too. */
    int SECTION = 512;

    /** Below this, a weight is zero: the exponential is about to leave the normal numbers. */
    float WEIGHT_MIN = -87;

    /**
     * Overwrites the result's y and logSums. For each query, output and total start at +0 and m at -infinity; blocks of
     * keys ascending: m becomes the largest score so far ({@code s > m}, ascending), and with
     * {@code a = w(mBefore - m)}, 1 where m has not changed, total and output are multiplied by a; p = w(s - m), the
     * block's sum of p, running ascending from +0, is added to the total, and the chains {@code Σ_t p·v} to the output.
     * At last {@code y = output · (1 / total)} and {@code logSums = m + log(total)}. A query that sees no key has y = 0 and
     * logSums = -infinity.
     *
     * @param attention sizes, scale and which keys a query sees
     * @param inputs q, k and v
     * @param result y and logSums, overwritten
     * @throws IllegalArgumentException if tensors are not float32 of their shapes, or a length is not from 0 to the number of keys
     */
    void forward(Attention attention, Attention.Operands inputs, Attention.Result result);

    /**
     * Overwrites the gradients of q, k and v. With {@code delta = Σ_d dy·y} (lanes as in
     * {@link io.ketju.tensor.simd.LaneSum}, by fused multiply-add), {@code p = w(s - logSums)} and
     * {@code ds = p · (Σ_d v·dy - delta)}: {@code dq = (Σ_t ds·k) · scale}, {@code dk = (Σ_i ds·q) · scale},
     * {@code dv = Σ_i p·dy}; a key without queries has gradients 0. With factors f, {@code ds = p · ((Σ_d v·dy)·f - delta)} and
     * {@code dv = Σ_i (p·f)·dy}. ds is also the gradient of a mask that is added, zero for keys that are not touched.
     *
     * @param attention that of forward
     * @param inputs those of forward
     * @param result what forward gave
     * @param dy gradient of y [batch, heads, queries, width]
     * @param gradients of q, k and v, and of the scores where there is a tensor for them; overwritten
     * @throws IllegalArgumentException if tensors are not float32 of their shapes, or a length is not from 0 to the number of keys
     */
    void backward(
            Attention attention,
            Attention.Operands inputs,
            Attention.Result result,
            Tensor dy,
            Attention.Gradients gradients);
}
