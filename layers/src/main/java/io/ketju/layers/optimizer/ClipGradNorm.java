package io.ketju.layers.optimizer;

/**
 * Scales all gradients of a step down together where their norm is larger than wanted, before anything else of the update, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html">torch.nn.utils.clip_grad_norm_</a> with
 * its norm of type 2.
 *
 * @param maxNorm the largest norm of all gradients together, > 0
 */
public record ClipGradNorm(double maxNorm) {
    /** What PyTorch adds to the norm before it divides. */
    private static final double EPSILON = 1e-6;

    /**
     * Checks the norm.
     *
     * @throws IllegalArgumentException if it is not above 0, or no float holds it
     */
    public ClipGradNorm {
        if (!(maxNorm >= Float.MIN_NORMAL && maxNorm <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException("expected a largest norm > 0, found " + maxNorm);
        }
    }

    /**
     * {@return the clipping that a text says}
     *
     * @param text the largest norm, a number above 0
     * @throws IllegalArgumentException quoting what is none
     */
    public static ClipGradNorm parse(String text) {
        try {
            return new ClipGradNorm(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected a largest norm > 0, found \"" + text + '"', e);
        }
    }

    /**
     * {@return what every gradient is multiplied by, at most 1}
     *
     * @param squares the sum of the squares of all gradients of the step
     */
    public float coefficient(double squares) {
        return (float) Math.min(1, maxNorm / (Math.sqrt(squares) + EPSILON));
    }

    /** The number alone, which {@link #parse} reads back. */
    @Override
    public String toString() {
        return Double.toString(maxNorm);
    }
}
