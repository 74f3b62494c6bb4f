package io.ketju.data;

import io.ketju.tensor.DType;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.util.Optional;

/**
 * The smallest and the largest value of some inputs.
 *
 * @param minimum finite
 * @param maximum finite, at least the minimum
 */
public record ValueRange(float minimum, float maximum) {
    /** Samples that are looked at, evenly spread: enough to notice another scale, cheap for data of any size. */
    private static final int MOST_SAMPLES = 1000;

    /** Fewer samples, where they are large. */
    private static final int MOST_VALUES = 10_000_000;

    /** Throws {@link IllegalArgumentException} unless both are finite and in order. */
    public ValueRange {
        if (!Float.isFinite(minimum) || !Float.isFinite(maximum) || minimum > maximum) {
            throw new IllegalArgumentException("no range from " + minimum + " to " + maximum);
        }
    }

    /**
     * {@return the range of at most 1,000 samples of some data, or 10 million values, evenly spread} Empty where inputs are no
     * floating-point numbers, hold none that is finite, or cannot be read: that is for whoever needs those samples to tell.
     *
     * @param samples that are read
     */
    public static Optional<ValueRange> of(Dataset samples) {
        if (samples.inputType() != DType.FLOAT32) {
            return Optional.empty();
        }
        float minimum = Float.POSITIVE_INFINITY;
        float maximum = Float.NEGATIVE_INFINITY;
        int fitting = Math.max(1, MOST_VALUES / Math.max(1, samples.inputShape().elements()));
        int count = Math.min(samples.size(), Math.min(MOST_SAMPLES, fitting));
        try (TensorArena arena =
                new TensorArena(TensorArena.bytesFor(samples.inputShape().batched(1)))) {
            Tensor row = arena.allocate(samples.inputShape().batched(1));
            for (int i = 0; i < count; i++) {
                samples.copyInput((int) ((long) i * samples.size() / count), row, 0);
                for (float value : row.toFloats()) {
                    minimum = Float.isFinite(value) ? Math.min(minimum, value) : minimum;
                    maximum = Float.isFinite(value) ? Math.max(maximum, value) : maximum;
                }
            }
        } catch (RuntimeException | AssertionError | LinkageError e) { // from code that may be the user's
            return Optional.empty();
        }
        return minimum > maximum ? Optional.empty() : Optional.of(new ValueRange(minimum, maximum));
    }

    /**
     * {@return whether a value is no number or lies farther outside than the range is wide: not a rare sample but another scale}
     * A range of one value counts as wide as that value, and at least 1.
     *
     * @param value any, NaN and infinity among them
     */
    public boolean isFarFrom(float value) {
        double width = maximum > minimum ? (double) maximum - minimum : Math.max(1, Math.abs(maximum));
        return !(value >= minimum - width && value <= maximum + width);
    }

    @Override
    public String toString() {
        return minimum + " to " + maximum;
    }
}
