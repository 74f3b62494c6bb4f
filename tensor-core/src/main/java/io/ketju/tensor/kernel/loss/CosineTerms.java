package io.ketju.tensor.kernel.loss;

import io.ketju.tensor.kernel.loss.LossKernels.Limit;

/**
 * The cosine of two rows and what its loss and gradient need of it, after the sums.
 *
 * @param cos the cosine
 * @param root product of the lengths
 * @param squareFirst square of the first length
 * @param squareSecond square of the second length
 */
record CosineTerms(float cos, float root, float squareFirst, float squareSecond) {
    /** As in PyTorch: a row of zeros has cosine 0. */
    private static final float EPSILON = 1e-12f;

    static CosineTerms of(float dot, float first, float second) {
        float a = first + EPSILON;
        float b = second + EPSILON;
        float root = (float) Math.sqrt(a * b);
        return new CosineTerms(dot / root, root, a, b);
    }

    float loss(float target, Limit margin) {
        float over = cos - margin.value();
        return target == 1 ? 1 - cos : (over < 0 ? 0 : over);
    }

    /** Derivative of the loss by the cosine, scaled. */
    float factor(float target, Limit margin) {
        return target == 1 ? -margin.scale() : (cos >= margin.value() ? margin.scale() : 0);
    }

    /** What multiplies the other row. */
    float ofOther(float factor) {
        return factor / root;
    }

    float ofFirst(float factor) {
        return -(factor * (cos / squareFirst));
    }

    float ofSecond(float factor) {
        return -(factor * (cos / squareSecond));
    }
}
