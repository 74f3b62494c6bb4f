package io.ketju.layers.embedding;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.matrix.GemmShape;
import io.ketju.tensor.kernel.matrix.MatrixKernels;
import java.util.List;
import java.util.OptionalInt;

/**
 * Bags that lie one behind the other in one row of tokens, int32 [tokens]; offsets, int32 [bags], say where each begins, and
 * with one more at the end where the last one ends.
 *
 * @param withEnd whether the last offset is the end of the last bag
 * @param padding token that counts for nothing
 */
record OffsetBags(boolean withEnd, OptionalInt padding) {
    private static final int TOKENS = 0;
    private static final int OFFSETS = 1;
    private static final int FACTORS = 2;
    private static final int NONE = -1;

    /** How many bags there are; throws {@link IllegalArgumentException} if the inputs do not fit. */
    int count(List<TensorType> inputs, boolean mayHaveFactors) {
        TensorType tokens = inputs.get(TOKENS);
        int most = mayHaveFactors ? FACTORS + 1 : FACTORS;
        int least = withEnd ? 1 : 0;
        boolean fits = inputs.size() > OFFSETS
                && inputs.size() <= most
                && !inputs.get(OFFSETS).differentiable()
                && inputs.get(OFFSETS).shape().rank() == 1
                && inputs.get(OFFSETS).shape().dimension(0) >= least;
        if (!fits) {
            throw new IllegalArgumentException("expected tokens int32 [tokens] and offsets int32 [bags"
                    + (withEnd ? " + 1" : "") + "]"
                    + (mayHaveFactors ? ", then float32 [tokens] if rows have factors" : "")
                    + ", found " + inputs);
        }
        if (inputs.size() > FACTORS && !inputs.get(FACTORS).equals(TensorType.floats(tokens.shape()))) {
            throw new IllegalArgumentException(
                    "expected a factor for each of the tokens " + tokens.shape() + ", found " + inputs.get(FACTORS));
        }
        return inputs.get(OFFSETS).shape().dimension(0) - least;
    }

    private int begin(Tensor offsets, int bag) {
        return offsets.getInt(bag);
    }

    private int end(Tensor tokens, Tensor offsets, int bag) {
        return bag + 1 < offsets.elements() ? offsets.getInt(bag + 1) : tokens.elements();
    }

    /**
     * Throws {@link IllegalArgumentException} unless offsets begin at 0 and rise to no more than the number of tokens, and end
     * there if they have an end.
     */
    void check(Tensor tokens, Tensor offsets) {
        int before = 0;
        for (int i = 0; i < offsets.elements(); i++) {
            int offset = offsets.getInt(i);
            if (offset < before || offset > tokens.elements() || (i == 0 && offset != 0)) {
                String expected = i == 0 ? "0" : "at least " + before + " and at most " + tokens.elements();
                throw new IllegalArgumentException("EmbeddingBag: offset " + i + ": expected " + expected + ", found "
                        + offset + "; offsets say where each bag of tokens begins");
            }
            before = offset;
        }
        if (withEnd && before != tokens.elements()) {
            throw new IllegalArgumentException("EmbeddingBag: expected the last offset to be the number of tokens "
                    + tokens.elements() + ", as include_last_offset says, found " + before);
        }
    }

    boolean counts(int token) {
        return padding.isEmpty() || padding.getAsInt() != token;
    }

    /** Overwrites the factors [tokens] that rows are multiplied by: 0 of padding, of a mean one over what counts. */
    void fill(Tensor tokens, Tensor offsets, boolean mean, Tensor factors) {
        for (int bag = 0; bag < bags(offsets); bag++) {
            int counted = 0;
            for (int i = begin(offsets, bag); i < end(tokens, offsets, bag); i++) {
                counted += counts(tokens.getInt(i)) ? 1 : 0;
            }
            float each = mean && counted > 0 ? 1f / counted : 1;
            for (int i = begin(offsets, bag); i < end(tokens, offsets, bag); i++) {
                factors.setFloat(i, counts(tokens.getInt(i)) ? each : 0);
            }
        }
    }

    private int bags(Tensor offsets) {
        return withEnd ? offsets.elements() - 1 : offsets.elements();
    }

    /** Overwrites the sums [bags, d] of rows [tokens, d] times factors. */
    void sum(MatrixKernels matrix, Tensor tokens, Tensor offsets, Tensor factors, Tensor rows, Tensor sums) {
        sums.clear();
        int columns = sums.shape().dimension(1);
        for (int bag = 0; bag < bags(offsets); bag++) {
            int from = begin(offsets, bag);
            int size = end(tokens, offsets, bag) - from;
            if (size > 0) {
                GemmShape product = GemmShape.nn(1, columns, size);
                matrix.gemm(product, factors.samples(from, size), rows.samples(from, size), sums.samples(bag, 1));
            }
        }
    }

    /** Overwrites the gradient of the rows: of each its factor times that of its bag; 0 of those in none. */
    void gradientOfRows(
            MatrixKernels matrix, Tensor tokens, Tensor offsets, Tensor factors, Tensor gradSums, Tensor gradRows) {
        gradRows.clear();
        int columns = gradSums.shape().dimension(1);
        for (int bag = 0; bag < bags(offsets); bag++) {
            int from = begin(offsets, bag);
            int size = end(tokens, offsets, bag) - from;
            if (size > 0) {
                GemmShape product = GemmShape.tn(size, columns, 1);
                matrix.gemm(
                        product, factors.samples(from, size), gradSums.samples(bag, 1), gradRows.samples(from, size));
            }
        }
    }

    /** Overwrites the gradient of the factors; 0 of padding. */
    void gradientOfFactors(
            MatrixKernels matrix, Tensor tokens, Tensor offsets, Tensor gradSums, Tensor rows, Tensor gradient) {
        gradient.clear();
        int columns = gradSums.shape().dimension(1);
        for (int bag = 0; bag < bags(offsets); bag++) {
            int from = begin(offsets, bag);
            int size = end(tokens, offsets, bag) - from;
            if (size > 0) {
                GemmShape product = GemmShape.nt(1, size, columns);
                matrix.gemm(product, gradSums.samples(bag, 1), rows.samples(from, size), gradient.samples(from, size));
            }
        }
        for (int i = 0; i < tokens.elements(); i++) {
            if (!counts(tokens.getInt(i))) {
                gradient.setFloat(i, 0);
            }
        }
    }

    /** Overwrites the largest of each bag, column by column, and of which token it is; 0 of a bag without any. */
    void largest(Tensor tokens, Tensor offsets, Tensor rows, Tensor y, Tensor which) {
        int columns = y.shape().dimension(1);
        for (int bag = 0; bag < bags(offsets); bag++) {
            for (int column = 0; column < columns; column++) {
                int at = NONE;
                for (int i = begin(offsets, bag); i < end(tokens, offsets, bag); i++) {
                    if (counts(tokens.getInt(i)) && (at == NONE || isLarger(rows, i, at, column, columns))) {
                        at = i;
                    }
                }
                which.setInt(bag * columns + column, at);
                y.setFloat(bag * columns + column, at == NONE ? 0 : rows.getFloat(at * columns + column));
            }
        }
    }

    /** NaN is larger than all. */
    private static boolean isLarger(Tensor rows, int i, int than, int column, int columns) {
        float a = rows.getFloat(i * columns + column);
        float b = rows.getFloat(than * columns + column);
        return a > b || (Float.isNaN(a) && !Float.isNaN(b));
    }

    /** Overwrites the gradient of the rows of {@link #largest}. */
    static void gradientOfLargest(Tensor gradOutput, Tensor which, Tensor gradRows) {
        gradRows.clear();
        Shape shape = gradOutput.shape();
        int columns = shape.dimension(1);
        for (int i = 0; i < shape.elements(); i++) {
            int at = which.getInt(i);
            if (at != NONE) {
                gradRows.setFloat(at * columns + i % columns, gradOutput.getFloat(i));
            }
        }
    }
}
