package io.ketju.layers.attention;

import io.ketju.layers.Pass;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.attention.Attention.Sizes;
import io.ketju.tensor.kernel.elementwise.Binary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is added to the scores of queries and keys, minus infinity where a query does not see a key, as one mask [B, 1 or heads,
 * 1 or T, S].
 *
 * @param given where lengths and masks are
 */
record MaskTerms(Visibility visibility, AttentionInputs given) {
    /** Whether there are any. */
    boolean any() {
        return visibility.causal() || visibility.padding() || given.lengths() >= 0 || given.mask() >= 0;
    }

    /** Whether they have to be one mask, because a kernel of attention cannot take them one by one. */
    boolean together() {
        return visibility.padding() || (visibility.extraKeys() > 0 && any());
    }

    /** The mask that they are. */
    TensorType type(List<TensorType> inputs, Sizes sizes) {
        return TensorType.floats(
                shape(given.mask() < 0 ? null : inputs.get(given.mask()).shape(), sizes));
    }

    private Shape shape(@Nullable Shape mask, Sizes sizes) {
        boolean ofHeads = mask != null && mask.rank() == 4;
        boolean ofQueries = visibility.causal() || (mask != null && (mask.rank() != 3 || mask.dimension(1) != 1));
        return Shape.of(sizes.batch(), ofHeads ? sizes.heads() : 1, ofQueries ? sizes.queries() : 1, sizes.keys());
    }

    /** Overwrites the mask. */
    void write(Pass pass, Tensor all) {
        Tensor lengths = given.lengths() < 0 ? null : pass.input(given.lengths());
        Tensor padding = given.padding() < 0 ? null : pass.input(given.padding());
        Tensor mask = given.mask() < 0 ? null : pass.input(given.mask());
        Shape shape = all.shape();
        int rows = shape.dimension(1) * shape.dimension(2);
        int keys = shape.dimension(3) - visibility.extraKeys();
        all.clear();
        for (int row = 0; row < shape.dimension(0) * rows; row++) {
            int sample = row / rows;
            int query = row % shape.dimension(2);
            int end = visibility.causal() ? Math.min(keys, query + 1) : keys;
            end = lengths == null ? end : Math.min(end, requireLength(lengths.getInt(sample), keys));
            int to = row * shape.dimension(3);
            int from = mask == null ? 0 : maskRow(mask.shape(), row, shape) * keys;
            for (int t = 0; t < keys; t++) {
                boolean seen = t < end && (padding == null || padding.getInt(sample * keys + t) == 0);
                all.setFloat(to + t, seen ? term(mask, from + t) : Float.NEGATIVE_INFINITY);
            }
        }
    }

    private static int requireLength(int length, int keys) {
        if (length < 0 || length > keys) {
            throw new IllegalArgumentException("attention: expected a length from 0 to " + keys + ", found " + length);
        }
        return length;
    }

    /** The row of a mask that belongs to a row of all. */
    private static int maskRow(Shape mask, int row, Shape all) {
        int queries = all.dimension(2);
        int sample = row / (all.dimension(1) * queries);
        return switch (mask.rank()) {
            case 2 -> row % queries;
            case 3 -> mask.dimension(1) == 1 ? sample : sample * queries + row % queries;
            default -> row;
        };
    }

    private static float term(@Nullable Tensor mask, int at) {
        if (mask == null) {
            return 0;
        }
        if (mask.dtype() == DType.FLOAT32) {
            return mask.getFloat(at);
        }
        return mask.getInt(at) == 0 ? Float.NEGATIVE_INFINITY : 0;
    }

    /** Adds a mask to the scores [B, heads, T, S]; those of a query that sees no key become 0. */
    static void add(Kernels kernels, Tensor all, Tensor scores) {
        Shape shape = scores.shape();
        Shape rows = Shape.of(shape.elements() / Math.max(1, shape.dimension(3)), shape.dimension(3));
        Tensor from = all.view(Shape.of(all.elements() / Math.max(1, shape.dimension(3)), shape.dimension(3)));
        Tensor to = scores.view(rows);
        for (int row = 0; row < rows.dimension(0); row++) {
            int at = rowOf(all.shape(), row, shape);
            Tensor sum = to.samples(row, 1);
            if (isBlind(all, at)) {
                sum.clear();
            } else {
                kernels.elementwise().binary(Binary.ADD, sum, from.samples(at, 1), sum);
            }
        }
    }

    /** Clears the weights [B, heads, T, S] of queries that see no key. */
    static void clearBlind(Tensor all, Tensor weights) {
        Shape shape = weights.shape();
        int keys = shape.dimension(3);
        for (int row = 0; row < shape.elements() / Math.max(1, keys); row++) {
            if (isBlind(all, rowOf(all.shape(), row, shape))) {
                for (int t = 0; t < keys; t++) {
                    weights.setFloat(row * keys + t, 0);
                }
            }
        }
    }

    private static boolean isBlind(Tensor all, int row) {
        int keys = all.shape().dimension(3);
        for (int t = 0; t < keys; t++) {
            if (all.getFloat(row * keys + t) != Float.NEGATIVE_INFINITY) {
                return false;
            }
        }
        return true;
    }

    /** The row of all that belongs to a row of scores. */
    private static int rowOf(Shape all, int row, Shape scores) {
        int query = row % scores.dimension(2);
        int head = row / scores.dimension(2) % scores.dimension(1);
        int sample = row / (scores.dimension(2) * scores.dimension(1));
        int ofSample = all.dimension(1) == 1 ? sample : sample * scores.dimension(1) + head;
        return all.dimension(2) == 1 ? ofSample : ofSample * scores.dimension(2) + query;
    }

    /**
     * Sums gradients of scores over the queries, heads and samples that a mask is the same for, in their order; those of extra
     * keys are none of the mask's.
     */
    void sumScores(Kernels kernels, Tensor scores, Tensor gradient) {
        if (visibility.extraKeys() > 0) {
            sumWithoutExtraKeys(scores, gradient);
            return;
        }
        Shape shape = gradient.shape();
        int one = shape.dimension(-2) * shape.dimension(-1);
        int count = one == 0 ? 0 : scores.elements() / one;
        int masks = one == 0 ? 0 : gradient.elements() / one;
        Tensor from = scores.view(Shape.of(count, one));
        Tensor to = gradient.view(Shape.of(masks, one));
        int each = masks == 0 ? 0 : count / masks;
        for (int i = 0; i < count; i++) {
            Tensor sum = to.samples(i / each, 1);
            if (i % each == 0) {
                kernels.elementwise().copy(from.samples(i, 1), sum);
            } else {
                kernels.elementwise().binary(Binary.ADD, sum, from.samples(i, 1), sum);
            }
        }
    }

    private void sumWithoutExtraKeys(Tensor scores, Tensor gradient) {
        Shape all = scores.shape();
        int columns = all.dimension(3);
        int keys = columns - visibility.extraKeys();
        gradient.clear();
        for (int row = 0; row < all.elements() / Math.max(1, columns); row++) {
            int to = maskRow(gradient.shape(), row, all) * keys;
            for (int t = 0; t < keys; t++) {
                gradient.setFloat(to + t, gradient.getFloat(to + t) + scores.getFloat(row * columns + t));
            }
        }
    }
}
