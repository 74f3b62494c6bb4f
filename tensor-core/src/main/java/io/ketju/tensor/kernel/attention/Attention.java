package io.ketju.tensor.kernel.attention;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * One attention: its sizes, its scale and which keys a query sees. It owns none of its tensors.
 *
 * @param sizes of queries, keys and values
 * @param scale what scores are multiplied by, usually 1/sqrt(width)
 * @param masking which keys a query sees by their order
 * @param lengths INT32 [batch]: how many keys of each sample are not padding, from 0 to all; null if all
 * @param mask FLOAT32 that is added to the scores, -infinity for what a query does not see, or INT32 that is 0 there; [batch or 1, heads or
 *     1, queries or 1, keys]; null if there is none
 * @param factors FLOAT32 [batch, heads, queries, keys] that weights are multiplied by behind softmax, as dropout does; null if there are
 *     none
 */
public record Attention(
        Sizes sizes,
        float scale,
        Masking masking,
        @Nullable Tensor lengths,
        @Nullable Tensor mask,
        @Nullable Tensor factors) {
    /** Which keys a query sees besides those that are not padding. */
    public enum Masking {
        /** All. */
        NONE,
        /** Query i sees the keys 0 to i, counted from the start of both also where their numbers differ. */
        CAUSAL
    }

    /**
     * Sizes of an attention: q, y [batch, heads, queries, width], k, v [batch, heads, keys, width].
     *
     * @param batch samples, at least 0
     * @param heads of each sample, at least 0
     * @param queries of each head, at least 0
     * @param keys of each head, at least 0
     * @param width elements of one query, key or value, at least 1
     */
    public record Sizes(int batch, int heads, int queries, int keys, int width) {
        /**
         * Checks the sizes.
         *
         * @throws IllegalArgumentException if one is out of its range
         */
        public Sizes {
            if (batch < 0 || heads < 0 || queries < 0 || keys < 0 || width < 1) {
                throw new IllegalArgumentException(
                        "attention: expected sizes of at least 0 and a width of at least 1, found batch " + batch
                                + ", heads " + heads + ", queries " + queries + ", keys " + keys + ", width " + width);
            }
        }

        /** {@return the shape of q, y and their gradients: [batch, heads, queries, width]} */
        public Shape queryShape() {
            return Shape.of(batch, heads, queries, width);
        }

        /** {@return the shape of k, v and their gradients: [batch, heads, keys, width]} */
        public Shape keyShape() {
            return Shape.of(batch, heads, keys, width);
        }

        /** {@return the shape of the logarithms of the sums: [batch, heads, queries]} */
        public Shape rowShape() {
            return Shape.of(batch, heads, queries);
        }

        /** {@return the shape of what there is for each query and key: [batch, heads, queries, keys]} */
        public Shape scoreShape() {
            return Shape.of(batch, heads, queries, keys);
        }

        /** Samples times heads: attentions that know nothing of each other. */
        int count() {
            return batch * heads;
        }
    }

    /**
     * Checks types and shapes; the lengths themselves are checked by each call.
     *
     * @throws IllegalArgumentException if lengths, mask or factors do not fit the sizes
     */
    public Attention {
        if (lengths != null && (lengths.dtype() != DType.INT32 || lengths.elements() != sizes.batch())) {
            throw new IllegalArgumentException(
                    "attention: expected lengths int32[" + sizes.batch() + "], found " + lengths);
        }
        if (mask != null && !isMask(mask.shape(), sizes)) {
            throw new IllegalArgumentException("attention: expected a mask " + sizes.scoreShape()
                    + ", of which the first three may be 1, found " + mask);
        }
        if (factors != null) {
            require("factors", sizes.scoreShape(), factors);
        }
    }

    /**
     * {@return an attention in which every query sees every key, with scores scaled by 1/sqrt(width)}
     *
     * @param sizes of queries, keys and values
     */
    public static Attention of(Sizes sizes) {
        return new Attention(sizes, 1 / (float) Math.sqrt(sizes.width()), Masking.NONE, null, null, null);
    }

    /** {@return the same in which a query sees no later key: {@link Masking#CAUSAL}} */
    public Attention causal() {
        return new Attention(sizes, scale, Masking.CAUSAL, lengths, mask, factors);
    }

    /**
     * {@return the same with another scale}
     *
     * @param value what scores are multiplied by
     */
    public Attention withScale(float value) {
        return new Attention(sizes, value, masking, lengths, mask, factors);
    }

    /**
     * {@return the same with so many keys in each sample}
     *
     * @param value INT32 [batch]
     * @throws IllegalArgumentException if it does not fit the sizes
     */
    public Attention withLengths(Tensor value) {
        return new Attention(sizes, scale, masking, value, mask, factors);
    }

    /**
     * {@return the same with a mask that is added to the scores, or hides keys where it is 0}
     *
     * @param value FLOAT32 or INT32 [batch or 1, heads or 1, queries or 1, keys]
     * @throws IllegalArgumentException if it does not fit the sizes
     */
    public Attention withMask(Tensor value) {
        return new Attention(sizes, scale, masking, lengths, value, factors);
    }

    /**
     * {@return the same with factors of the weights}
     *
     * @param value FLOAT32 [batch, heads, queries, keys]
     * @throws IllegalArgumentException if it does not fit the sizes
     */
    public Attention withFactors(Tensor value) {
        return new Attention(sizes, scale, masking, lengths, mask, value);
    }

    private static boolean isMask(Shape shape, Sizes sizes) {
        return shape.rank() == 4
                && (shape.dimension(0) == 1 || shape.dimension(0) == sizes.batch())
                && (shape.dimension(1) == 1 || shape.dimension(1) == sizes.heads())
                && (shape.dimension(2) == 1 || shape.dimension(2) == sizes.queries())
                && shape.dimension(3) == sizes.keys();
    }

    /** The first row of the mask for a head of a sample. */
    long maskRow(int head) {
        Shape shape = mask == null ? sizes.scoreShape() : mask.shape();
        int sample = shape.dimension(0) == 1 ? 0 : head / sizes.heads();
        int ofSample = shape.dimension(1) == 1 ? 0 : head % sizes.heads();
        return ((long) sample * shape.dimension(1) + ofSample) * shape.dimension(2);
    }

    /** How many rows of the mask lie between those of two neighbouring queries: none where it is the same for all. */
    int maskStep() {
        return mask == null || mask.shape().dimension(2) > 1 ? 1 : 0;
    }

    /** Whether there is something for each query and key besides their product. */
    boolean hasTerms() {
        return mask != null || factors != null;
    }

    /** What maxima start with: with a mask a query may see no key of a block, and the difference of infinities is none. */
    float lowest() {
        return mask == null ? Float.NEGATIVE_INFINITY : -Float.MAX_VALUE;
    }

    /**
     * Three operands that belong together, or their gradients.
     *
     * @param q queries [batch, heads, queries, width]
     * @param k keys [batch, heads, keys, width]
     * @param v values [batch, heads, keys, width]
     */
    public record Operands(Tensor q, Tensor k, Tensor v) {
        /** Throws {@link IllegalArgumentException} unless the shapes are those of the attention. */
        void require(String what, Sizes sizes) {
            Attention.require(what + "q", sizes.queryShape(), q);
            Attention.require(what + "k", sizes.keyShape(), k);
            Attention.require(what + "v", sizes.keyShape(), v);
        }
    }

    /**
     * What forward gives and backward needs.
     *
     * @param y output [batch, heads, queries, width]
     * @param logSums logarithm of each query's sum of exponentials [batch, heads, queries]
     */
    public record Result(Tensor y, Tensor logSums) {
        void require(Sizes sizes) {
            Attention.require("y", sizes.queryShape(), y);
            Attention.require("logSums", sizes.rowShape(), logSums);
        }
    }

    /**
     * What backward gives.
     *
     * @param operands gradients of q, k and v
     * @param scores gradients of the scores, [batch, heads, queries, keys], which are those of a mask that is added; null if
     *     nobody wants them
     */
    public record Gradients(Operands operands, @Nullable Tensor scores) {
        /**
         * {@return the gradients of the operands alone, without those of the scores}
         *
         * @param operands gradients of q, k and v
         */
        public static Gradients of(Operands operands) {
            return new Gradients(operands, null);
        }

        void require(Sizes sizes) {
            operands.require("d", sizes);
            if (scores != null) {
                Attention.require("dscores", sizes.scoreShape(), scores);
            }
        }
    }

    boolean isCausal() {
        return masking == Masking.CAUSAL;
    }

    /** Keys of a sample that are not padding. */
    int visible(int sample) {
        if (lengths == null) {
            return sizes.keys();
        }
        int length = lengths.getInt(sample);
        if (length < 0 || length > sizes.keys()) {
            throw new IllegalArgumentException("attention: expected a length from 0 to " + sizes.keys() + " of sample "
                    + sample + ", found " + length);
        }
        return length;
    }

    /** How many keys the block of query i takes part with. */
    int reach(int head, int i) {
        int visible = visible(head / sizes.heads());
        int end = i / AttentionKernels.QUERY_BLOCK * AttentionKernels.QUERY_BLOCK + AttentionKernels.QUERY_BLOCK;
        return isCausal() ? Math.min(visible, end) : visible;
    }

    /** Which keys of a block queries see, both counted from the starts of their blocks: t up to {@code i + offset}. */
    int offset(int query, int key) {
        return isCausal() ? query - key : Integer.MAX_VALUE;
    }

    /** Checks all lengths. */
    void requireLengths() {
        for (int sample = 0; sample < sizes.batch(); sample++) {
            visible(sample);
        }
    }

    static void require(String what, Shape expected, Tensor found) {
        if (found.dtype() != DType.FLOAT32 || !found.shape().equals(expected)) {
            throw new IllegalArgumentException(
                    "attention: expected " + what + " float32" + expected + ", found " + found);
        }
    }
}
