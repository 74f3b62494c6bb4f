package io.ketju.tensor.kernel.loss;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.formula.FormulaCall;
import org.jspecify.annotations.Nullable;

/**
 * Losses and their gradients together, named and defined as in PyTorch. Losses are per element or per row and not
 * scaled; gradients are scaled by {@code scale}, rounded after the gradient itself. Results are overwritten and overlap
 * no operand. A sum over a row is that of {@link io.ketju.tensor.simd.LaneSum}: 16 lanes from +0, folded in halves.
 */
public interface LossKernels {
    /**
     * Softmax with cross-entropy: losses {@code -log softmax(logits)[target]}, gradients {@code (softmax(logits) - onehot(target)) ·
     * scale}. They are {@code log(total) - (x[target] - m)} and {@code (e / total - onehot) · scale} with {@code e = exp(x - m)},
     * {@code total = sum(e)} and the largest logit m.
     *
     * @param logits [rows, classes]
     * @param targets class indexes from 0, INT32 [rows]
     * @param scale factor of the gradient
     * @param losses overwritten, [rows]
     * @param dlogits overwritten, [rows, classes]
     * @throws IllegalArgumentException if an index is no class; the results are then undefined
     */
    default void crossEntropy(Tensor logits, Tensor targets, float scale, Tensor losses, Tensor dlogits) {
        ClassShape shape = LossChecks.classRows(logits, targets);
        // No class is ignored: an index of -100 is as wrong as any other.
        crossEntropy(
                new CrossEntropyOptions(scale, Integer.MIN_VALUE, 0, null), shape, logits, targets, losses, dlogits);
    }

    /**
     * The same with class weights w, label smoothing s and an index to ignore, for [samples, classes, positions]. Each target is
     * computed alike in every layout. With u = s / classes:
     * <ul>
     *   <li>index t, s = 0: loss {@code w[t] · (log(total) - (x[t] - m))}, gradient {@code (e / total - onehot) · (w[t] ·
     *       scale)};
     *   <li>otherwise: {@code v = w · u} for indexes, {@code v = w · fma(q, 1 - s, u)} for probabilities q; hard = {@code
     *       (1 - s) · w[t]} for indexes, 0 for probabilities; loss {@code hard · (log(total) - (x[t] - m)) + sum(v ·
     *       (log(total) - (x - m)))}, gradient {@code fma(e / total, hard + sum(v), -(v + hard · onehot)) · scale}.
     * </ul>
     *
     * @param options weights, smoothing, index to ignore (its loss and gradient are 0) and scale
     * @param shape sizes of the operands
     * @param logits [samples, classes, positions]
     * @param targets INT32 [samples, positions], or FLOAT32 probabilities [samples, classes, positions]
     * @param losses overwritten, [samples, positions]
     * @param dlogits overwritten, [samples, classes, positions]
     * @throws IllegalArgumentException if an index is neither a class nor ignored; the results are then undefined
     */
    void crossEntropy(
            CrossEntropyOptions options,
            ClassShape shape,
            Tensor logits,
            Tensor targets,
            Tensor losses,
            Tensor dlogits);

    /**
     * Negative log-likelihood of log-probabilities x: loss {@code -w[t] · x[t]}, gradient {@code -w[t] · scale} at the target
     * and 0 elsewhere.
     *
     * @param options weights, index to ignore and scale; smoothing is not used
     * @param shape sizes of the operands
     * @param x [samples, classes, positions]
     * @param targets INT32 [samples, positions]
     * @param losses overwritten, [samples, positions]
     * @param dx overwritten, [samples, classes, positions]
     * @throws IllegalArgumentException if an index is neither a class nor ignored; the results are then undefined
     */
    void nll(CrossEntropyOptions options, ClassShape shape, Tensor x, Tensor targets, Tensor losses, Tensor dx);

    /**
     * {@code (x - t)²}; gradient {@code 2 (x - t) · scale}.
     *
     * @param x what the model gives, any shape
     * @param t targets, as many as x has elements
     * @param scale factor of the gradient
     * @param losses overwritten, one of each element
     * @param dx overwritten
     */
    void mse(Tensor x, Tensor t, float scale, Tensor losses, Tensor dx);

    /**
     * {@code |x - t|}; gradient {@code sign(x - t) · scale}.
     *
     * @param x what the model gives, any shape
     * @param t targets, as many as x has elements
     * @param scale factor of the gradient
     * @param losses overwritten, one of each element
     * @param dx overwritten
     */
    void l1(Tensor x, Tensor t, float scale, Tensor losses, Tensor dx);

    /**
     * With d = x - t: {@code d² · 0.5 / beta} where {@code |d| < beta}, else {@code |d| - 0.5 beta}; gradient {@code d / beta ·
     * scale} or {@code sign(d) · scale}.
     *
     * @param beta at least 0; 0 makes it {@link #l1}
     * @param x what the model gives, any shape
     * @param t targets, as many as x has elements
     * @param losses overwritten, one of each element
     * @param dx overwritten
     */
    void smoothL1(Limit beta, Tensor x, Tensor t, Tensor losses, Tensor dx);

    /**
     * With d = x - t: {@code 0.5 d²} where {@code |d| <= delta}, else {@code delta · (|d| - 0.5 delta)}; gradient {@code d · scale}
     * or {@code delta · sign(d) · scale}.
     *
     * @param delta above 0
     * @param x what the model gives, any shape
     * @param t targets, as many as x has elements
     * @param losses overwritten, one of each element
     * @param dx overwritten
     */
    void huber(Limit delta, Tensor x, Tensor t, Tensor losses, Tensor dx);

    /**
     * Binary cross-entropy of probabilities: {@code -(t · log(x) + (1 - t) · log1p(-x))}, logarithms at least -100;
     * gradient {@code (x - t) / max((1 - x) · x, 1e-12) · scale}.
     *
     * @param x probabilities from 0 to 1, any shape
     * @param t probabilities that are wanted, as many as x has elements
     * @param scale factor of the gradient
     * @param losses overwritten, one of each element
     * @param dx overwritten
     */
    void bce(Tensor x, Tensor t, float scale, Tensor losses, Tensor dx);

    /**
     * Binary cross-entropy of logits: {@code (1 - t) · x + a · (log1p(exp(-|x|)) + max(-x, 0))} with {@code a = 1 +
     * (posWeight - 1) · t}; gradient {@code ((1 - t) - a · sigmoid(-x)) · scale}.
     *
     * @param posWeight weight of positive targets for each element of the innermost dimension of x; null for ones
     * @param x logits, any shape
     * @param t probabilities that are wanted, as many as x has elements
     * @param scale factor of the gradient
     * @param losses overwritten, one of each element
     * @param dx overwritten
     */
    void bceWithLogits(@Nullable Tensor posWeight, Tensor x, Tensor t, float scale, Tensor losses, Tensor dx);

    /**
     * Kullback-Leibler divergence of log-probabilities: {@code t · log(t) - t · x}, 0 log 0 being 0; gradient {@code -t · scale}.
     *
     * @param x log-probabilities, any shape
     * @param t probabilities, as many as x has elements
     * @param scale factor of the gradient
     * @param losses overwritten, one of each element
     * @param dx overwritten
     */
    void klDiv(Tensor x, Tensor t, float scale, Tensor losses, Tensor dx);

    /**
     * {@link #klDiv} for targets that are logarithms, too: {@code exp(t) · (t - x)}; gradient {@code -exp(t) · scale}.
     *
     * @param x log-probabilities, any shape
     * @param t log-probabilities, as many as x has elements
     * @param scale factor of the gradient
     * @param losses overwritten, one of each element
     * @param dx overwritten
     */
    void klDivLogTarget(Tensor x, Tensor t, float scale, Tensor losses, Tensor dx);

    /**
     * {@code t = 1: x; otherwise max(0, margin - x)}; gradient scale, and -scale where {@code x <= margin}, else 0.
     *
     * @param margin up to where x costs for targets other than 1
     * @param x distances, any shape
     * @param t 1 for what is alike, otherwise -1, as many as x has elements
     * @param losses overwritten, one of each element
     * @param dx overwritten
     */
    void hingeEmbedding(Limit margin, Tensor x, Tensor t, Tensor losses, Tensor dx);

    /**
     * Multi-class hinge loss: the sum over the other classes of {@code max(0, (margin - x[t]) + x)}, divided by the number of
     * classes. Gradient: g = scale / classes for every other class with a term above 0, and {@code -g} times their number at the
     * target.
     *
     * @param margin by how much the target's score is to be ahead
     * @param x scores [rows, classes]
     * @param targets class indexes from 0, INT32 [rows]
     * @param losses overwritten, [rows]
     * @param dx overwritten, [rows, classes]
     * @throws IllegalArgumentException if an index is no class; the results are then undefined
     */
    void multiMargin(Limit margin, Tensor x, Tensor targets, Tensor losses, Tensor dx);

    /**
     * Cosine embedding loss: {@code 1 - cos} for a target of 1, otherwise {@code max(0, cos - margin)}, where {@code cos = dot /
     * sqrt(a · b)}, {@code a = sum(x1²) + 1e-12}, {@code b = sum(x2²) + 1e-12}; products are fused into the sums. With f = -scale in
     * the first case, scale in the second where {@code cos >= margin}, else 0: {@code dx1 = fma(x1, -(f · (cos / a)), x2 · (f /
     * sqrt(a · b)))}, and dx2 likewise.
     *
     * @param margin up to which cosine different rows cost nothing
     * @param x x1 and x2, [rows, n] each
     * @param targets 1 for rows that are alike, otherwise -1, FLOAT32 [rows]
     * @param losses overwritten, [rows]
     * @param dx overwritten, the gradients of x1 and x2
     */
    void cosineEmbedding(Limit margin, Pair x, Tensor targets, Tensor losses, Pair dx);

    /**
     * One of {@link LossFormulas}, or another formula.
     *
     * @param loss the formula with its numbers
     * @param operands of equal size, in the order of the formula
     * @throws IllegalArgumentException if there are more or fewer than it has, or their sizes differ
     */
    void elements(FormulaCall loss, Tensor... operands);

    /**
     * A loss of rows that is a plain loop over each: the loop is the definition and is run in parts.
     *
     * @param loss whose rows are run, each once, in any order and on several threads
     */
    void rows(RowLoss loss);

    /**
     * {@return the number of rows whose largest logit (the first of equals) is at the target's index; a row with a NaN has none}
     *
     * @param logits [rows, classes]
     * @param targets class indexes from 0, INT32 [rows]
     * @throws IllegalArgumentException if an index is no class
     */
    int countCorrect(Tensor logits, Tensor targets);

    /**
     * {@return whether every element is finite; used to stop a run in the step that first produced a NaN or an infinity}
     *
     * @param x FLOAT32 of any shape
     */
    boolean allFinite(Tensor x);

    /**
     * Where a loss changes its form, and the factor of its gradient.
     *
     * @param value beta, delta or margin, finite
     * @param scale factor of the gradient; losses are not scaled
     */
    record Limit(float value, float scale) {
        /**
         * Checks the value.
         *
         * @throws IllegalArgumentException if it is infinite or NaN
         */
        public Limit {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException("limit of a loss: expected a finite number, found " + value);
            }
        }
    }

    /**
     * Two tensors of the same shape.
     *
     * @param first x1, or its gradient
     * @param second x2, or its gradient
     */
    record Pair(Tensor first, Tensor second) {
        /**
         * Checks the shapes.
         *
         * @throws IllegalArgumentException if they differ
         */
        public Pair {
            if (!first.shape().equals(second.shape())) {
                throw new IllegalArgumentException(
                        "expected two tensors of the same shape, found " + first + " and " + second);
            }
        }
    }
}
