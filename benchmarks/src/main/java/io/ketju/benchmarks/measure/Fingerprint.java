package io.ketju.benchmarks.measure;

import io.ketju.tensor.Tensor;
import java.util.List;

/**
 * Two sums over the results of a piece of work, by which two processes see whether they computed the same.
 *
 * @param magnitude Σ|x|
 * @param mixed Σ x · u with u of {@link Uniform}: another order of elements is another sum
 */
public record Fingerprint(double magnitude, double mixed) {
    /** Seed of the numbers that results are mixed with. */
    private static final int SEED = 99;

    /** Of all elements of these tensors, each mixed from the start of the sequence. */
    public static Fingerprint of(List<Tensor> tensors) {
        double magnitude = 0;
        double mixed = 0;
        for (Tensor tensor : tensors) {
            int elements = tensor.elements();
            for (int i = 0; i < elements; i++) {
                double value = tensor.getFloat(i);
                magnitude += Math.abs(value);
                mixed += value * Uniform.at(SEED, i);
            }
        }
        return new Fingerprint(magnitude, mixed);
    }

    /** Throws unless both sums agree within a share of the magnitude. */
    public void requireNear(Fingerprint other, double tolerance, String what) {
        double allowed = tolerance * magnitude;
        boolean near = Math.abs(magnitude - other.magnitude) <= allowed && Math.abs(mixed - other.mixed) <= allowed;
        if (!near || !(magnitude > 0)) {
            throw new IllegalStateException(what + ": results differ, here " + this + ", the peer's " + other);
        }
    }
}
