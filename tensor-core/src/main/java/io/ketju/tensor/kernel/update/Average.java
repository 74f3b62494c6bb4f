package io.ketju.tensor.kernel.update;

/**
 * A running average of the gradient or of its square, in single precision.
 *
 * @param kept beta, computed in double and rounded, as is
 * @param taken 1 - beta
 */
record Average(float kept, float taken) {
    static Average of(double beta) {
        return new Average((float) beta, (float) (1 - beta));
    }

    /** Whether {@link #mean} interpolates from the gradient's side, as {@code torch.lerp} does from weight 0.5. */
    boolean fromGradient() {
        return taken >= 0.5f;
    }

    /** {@code mean.lerp_(gradient, 1 - beta)}. */
    float mean(float mean, float gradient) {
        float difference = gradient - mean;
        return fromGradient() ? Math.fma(-kept, difference, gradient) : Math.fma(taken, difference, mean);
    }

    /** {@code squares.mul_(beta).addcmul_(gradient, gradient, value = 1 - beta)}. */
    float squares(float squares, float gradient) {
        return Math.fma(taken * gradient, gradient, squares * kept);
    }
}
