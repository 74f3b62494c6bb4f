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
     * Softmax with cross-entropy. logits [rows, classes], targets INT32 [rows] with class indexes. Overwrites losses
     * [rows] with {@code -log softmax(logits)[target]} and dlogits with {@code (softmax(logits) - onehot(target)) · scale}:
     * {@code log(total) - (x[target] - m)} and {@code (e / total - onehot) · scale} with {@code e = exp(x - m)},
     * {@code total = sum(e)} and the largest logit m.
     */
    default void crossEntropy(Tensor logits, Tensor targets, float scale, Tensor losses, Tensor dlogits) {
        ClassShape shape = LossChecks.classRows(logits, targets);
        // No class is ignored: an index of -100 is as wrong as any other.
        crossEntropy(
                new CrossEntropyOptions(scale, Integer.MIN_VALUE, 0, null), shape, logits, targets, losses, dlogits);
    }

    /**
     * The same with class weights w, label smoothing s and an index to ignore, for [samples, classes, positions].
     * Targets are INT32 [samples, positions], or FLOAT32 probabilities [samples, classes, positions]. Losses [samples,
     * positions]. Each target is computed alike in every layout. With u = s / classes:
     * <ul>
     *   <li>index t, s = 0: loss {@code w[t] · (log(total) - (x[t] - m))}, gradient {@code (e / total - onehot) · (w[t] ·
     *       scale)};
     *   <li>otherwise: {@code v = w · u} for indexes, {@code v = w · fma(q, 1 - s, u)} for probabilities q; hard = {@code
     *       (1 - s) · w[t]} for indexes, 0 for probabilities; loss {@code hard · (log(total) - (x[t] - m)) + sum(v ·
     *       (log(total) - (x - m)))}, gradient {@code fma(e / total, hard + sum(v), -(v + hard · onehot)) · scale}.
     * </ul>
     * An ignored target has loss 0 and gradient 0. Throws {@link IllegalArgumentException} for any other index that is no
     * class; the results are then undefined.
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
     * and 0 elsewhere. Smoothing is not used.
     */
    void nll(CrossEntropyOptions options, ClassShape shape, Tensor x, Tensor targets, Tensor losses, Tensor dx);

    /** {@code (x - t)²}; gradient {@code 2 (x - t) · scale}. */
    void mse(Tensor x, Tensor t, float scale, Tensor losses, Tensor dx);

    /** {@code |x - t|}; gradient {@code sign(x - t) · scale}. */
    void l1(Tensor x, Tensor t, float scale, Tensor losses, Tensor dx);

    /** With d = x - t: {@code d² · 0.5 / beta} where {@code |d| < beta}, else {@code |d| - 0.5 beta}; beta >= 0. */
    void smoothL1(Limit beta, Tensor x, Tensor t, Tensor losses, Tensor dx);

    /** With d = x - t: {@code 0.5 d²} where {@code |d| <= delta}, else {@code delta · (|d| - 0.5 delta)}; delta > 0. */
    void huber(Limit delta, Tensor x, Tensor t, Tensor losses, Tensor dx);

    /**
     * Binary cross-entropy of probabilities: {@code -(t · log(x) + (1 - t) · log1p(-x))}, logarithms at least -100;
     * gradient {@code (x - t) / max((1 - x) · x, 1e-12) · scale}.
     */
    void bce(Tensor x, Tensor t, float scale, Tensor losses, Tensor dx);

    /**
     * Binary cross-entropy of logits: {@code (1 - t) · x + a · (log1p(exp(-|x|)) + max(-x, 0))} with {@code a = 1 +
     * (posWeight - 1) · t}; gradient {@code ((1 - t) - a · sigmoid(-x)) · scale}.
     *
     * @param posWeight weight of positive targets for each element of the innermost dimension of x; null for ones
     */
    void bceWithLogits(@Nullable Tensor posWeight, Tensor x, Tensor t, float scale, Tensor losses, Tensor dx);

    /** Kullback-Leibler divergence of log-probabilities x: {@code t · log(t) - t · x}, 0 log 0 being 0; gradient -t. */
    void klDiv(Tensor x, Tensor t, float scale, Tensor losses, Tensor dx);

    /** {@link #klDiv} for targets that are logarithms, too: {@code exp(t) · (t - x)}; gradient -exp(t). */
    void klDivLogTarget(Tensor x, Tensor t, float scale, Tensor losses, Tensor dx);

    /** {@code t = 1: x; otherwise max(0, margin - x)}; gradient 1, and -1 where {@code x <= margin}. */
    void hingeEmbedding(Limit margin, Tensor x, Tensor t, Tensor losses, Tensor dx);

    /**
     * Multi-class hinge loss of scores x [rows, classes] with targets INT32 [rows]: the sum over the other classes of {@code
     * max(0, (margin - x[t]) + x)}, divided by the number of classes. Gradient: g = scale / classes for every other class
     * with a term above 0, and {@code -g} times their number at the target.
     */
    void multiMargin(Limit margin, Tensor x, Tensor targets, Tensor losses, Tensor dx);

    /**
     * Cosine embedding loss of two tensors [rows, n] with targets [rows] of 1 or -1: {@code 1 - cos} or {@code max(0, cos -
     * margin)}, where {@code cos = dot / sqrt(a · b)}, {@code a = sum(x1²) + 1e-12}, {@code b = sum(x2²) + 1e-12}; products are
     * fused into the sums. With f = -scale in the first case, scale in the second where {@code cos >= margin}, else 0: {@code
     * dx1 = fma(x1, -(f · (cos / a)), x2 · (f / sqrt(a · b)))}, and dx2 likewise.
     */
    void cosineEmbedding(Limit margin, Pair x, Tensor targets, Tensor losses, Pair dx);

    /** {@link LossFormulas}: operands in the order of the formula. */
    void elements(FormulaCall loss, Tensor... operands);

    /** A loss of rows that is a plain loop over each: the loop is the definition and is run in parts. */
    void rows(RowLoss loss);

    /** Rows whose largest logit (the first of equals) is at the target's index; a row with a NaN has none. */
    int countCorrect(Tensor logits, Tensor targets);

    /** Whether every element is finite. Used to stop a run in the step that first produced a NaN or an infinity. */
    boolean allFinite(Tensor x);

    /** Where a loss changes its form (beta, delta, margin), and the factor of its gradient. */
    record Limit(float value, float scale) {
        public Limit {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException("limit of a loss: expected a finite number, found " + value);
            }
        }
    }

    /** Two tensors of the same shape. */
    record Pair(Tensor first, Tensor second) {
        public Pair {
            if (!first.shape().equals(second.shape())) {
                throw new IllegalArgumentException(
                        "expected two tensors of the same shape, found " + first + " and " + second);
            }
        }
    }
}
