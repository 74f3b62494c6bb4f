package io.ketju.data.image;

/**
 * How pixels become inputs: {@code (x / maximum - mean) / std} in float32, in this order of operations, which is that
 * of torchvision's {@code ToTensor} and {@code Normalize}. Mean and standard deviation are those of the training
 * pixels on the scale 0 to 1.
 */
public record Normalization(float mean, float std) {
    /** Throws {@link IllegalArgumentException} unless mean is finite and std is finite and positive. */
    public Normalization {
        if (!Float.isFinite(mean) || !Float.isFinite(std) || std <= 0) {
            throw new IllegalArgumentException("cannot normalise with mean " + mean + " and std " + std);
        }
    }

    /** The value of one pixel out of 0 to {@code maximum}. */
    public float apply(int pixel, int maximum) {
        return ((float) pixel / (float) maximum - mean) / std;
    }

    /** The values of the pixels 0 to {@code maximum}. */
    public float[] table(int maximum) {
        float[] table = new float[maximum + 1];
        for (int pixel = 0; pixel <= maximum; pixel++) {
            table[pixel] = apply(pixel, maximum);
        }
        return table;
    }

    /**
     * Mean and population standard deviation of these pixels: exact integer sums, so the result does not depend on
     * their order. Pixels that are all equal get std 1, which makes them zero.
     */
    public static Normalization of(Pixels pixels) {
        long[] counts = new long[256];
        pixels.count(counts);
        long n = 0;
        long sum = 0;
        long squares = 0;
        for (int value = 0; value < counts.length; value++) {
            n += counts[value];
            sum += counts[value] * value;
            squares += counts[value] * value * value;
        }
        double mean = (double) sum / n;
        double variance = (double) squares / n - mean * mean;
        double std = variance > 0 ? Math.sqrt(variance) / pixels.maximum() : 1;
        return new Normalization((float) (mean / pixels.maximum()), (float) std);
    }
}
