package io.ketju.tensor.kernel.attention;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * One attention: its sizes, the scale of the scores (usually 1/sqrt(width)) and which keys a query sees.
 *
 * @param lengths INT32 [batch]: how many keys of each sample are not padding; null if all
 */
public record Attention(
        Sizes sizes, float scale, Masking masking, @Nullable Tensor lengths) {
    /** Which keys a query sees besides those that are not padding. */
    public enum Masking {
        /** All. */
        NONE,
        /** Query i sees the keys 0 to i, counted from the start of both also where their numbers differ. */
        CAUSAL
    }

    /** q, y [batch, heads, queries, width], k, v [batch, heads, keys, width]. */
    public record Sizes(int batch, int heads, int queries, int keys, int width) {
        public Sizes {
            if (batch < 0 || heads < 0 || queries < 0 || keys < 0 || width < 1) {
                throw new IllegalArgumentException(
                        "attention: expected sizes of at least 0 and a width of at least 1, found batch " + batch
                                + ", heads " + heads + ", queries " + queries + ", keys " + keys + ", width " + width);
            }
        }

        /** Shape of q, y and their gradients. */
        public Shape queryShape() {
            return Shape.of(batch, heads, queries, width);
        }

        /** Shape of k, v and their gradients. */
        public Shape keyShape() {
            return Shape.of(batch, heads, keys, width);
        }

        /** Shape of the logarithms of the sums. */
        public Shape rowShape() {
            return Shape.of(batch, heads, queries);
        }

        /** Samples times heads: attentions that know nothing of each other. */
        int count() {
            return batch * heads;
        }
    }

    public Attention {
        if (lengths != null && (lengths.dtype() != DType.INT32 || lengths.elements() != sizes.batch())) {
            throw new IllegalArgumentException(
                    "attention: expected lengths int32[" + sizes.batch() + "], found " + lengths);
        }
    }

    /** Every query sees every key; scores are scaled by 1/sqrt(width). */
    public static Attention of(Sizes sizes) {
        return new Attention(sizes, 1 / (float) Math.sqrt(sizes.width()), Masking.NONE, null);
    }

    public Attention causal() {
        return new Attention(sizes, scale, Masking.CAUSAL, lengths);
    }

    public Attention withScale(float value) {
        return new Attention(sizes, value, masking, lengths);
    }

    /** Lengths as INT32 [batch]. */
    public Attention withLengths(Tensor value) {
        return new Attention(sizes, scale, masking, value);
    }

    /** Three operands that belong together: q, k, v or their gradients. */
    public record Operands(Tensor q, Tensor k, Tensor v) {
        /** Throws {@link IllegalArgumentException} unless the shapes are those of the attention. */
        void require(String what, Sizes sizes) {
            Attention.require(what + "q", sizes.queryShape(), q);
            Attention.require(what + "k", sizes.keyShape(), k);
            Attention.require(what + "v", sizes.keyShape(), v);
        }
    }

    /** What forward gives: the output and the logarithm of each query's sum of exponentials, which backward needs. */
    public record Result(Tensor y, Tensor logSums) {
        void require(Sizes sizes) {
            Attention.require("y", sizes.queryShape(), y);
            Attention.require("logSums", sizes.rowShape(), logSums);
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
