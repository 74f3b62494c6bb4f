package io.ketju.data.image;

import java.util.ArrayList;
import java.util.List;

/**
 * How pixels become inputs, by channel or all alike: {@code (x / maximum - mean) / std} in float32, in this order of operations, which is that
 * of torchvision's {@code ToTensor} and {@code Normalize}. Mean and standard deviation are those of the training
 * pixels on the scale 0 to 1.
 */
public record Normalization(List<Float> means, List<Float> stds) {
    /**
     * @param means one for each channel, or one for all
     * @param stds as many
     * @throws IllegalArgumentException unless means are finite and stds are finite and positive
     */
    public Normalization {
        means = List.copyOf(means);
        stds = List.copyOf(stds);
        if (means.isEmpty() || means.size() != stds.size()) {
            throw new IllegalArgumentException("cannot normalise with means " + means + " and stds " + stds);
        }
        for (int channel = 0; channel < means.size(); channel++) {
            float mean = means.get(channel);
            float std = stds.get(channel);
            if (!Float.isFinite(mean) || !Float.isFinite(std) || std <= 0) {
                throw new IllegalArgumentException("cannot normalise with mean " + mean + " and std " + std);
            }
        }
    }

    /** All channels alike. */
    public Normalization(float mean, float std) {
        this(List.of(mean), List.of(std));
    }

    /** Of the first channel. */
    public float mean() {
        return means.getFirst();
    }

    /** Of the first channel. */
    public float std() {
        return stds.getFirst();
    }

    /** How many channels it tells apart; 1 where all are alike. */
    public int channels() {
        return means.size();
    }

    /** That of one channel. */
    public Normalization channel(int channel) {
        return channels() == 1 ? this : new Normalization(means.get(channel), stds.get(channel));
    }

    /** The value of one pixel of the first channel out of 0 to {@code maximum}. */
    public float apply(int pixel, int maximum) {
        return ((float) pixel / (float) maximum - mean()) / std();
    }

    /** The values of the pixels 0 to {@code maximum} of the first channel. */
    public float[] table(int maximum) {
        float[] table = new float[maximum + 1];
        for (int pixel = 0; pixel <= maximum; pixel++) {
            table[pixel] = apply(pixel, maximum);
        }
        return table;
    }

    /** The values of all bytes as pixels out of 0 to {@code maximum}, for each of so many channels. */
    float[][] tables(int channels, int maximum) {
        float[][] tables = new float[channels][256];
        for (int channel = 0; channel < channels; channel++) {
            Normalization own = channel(channel);
            for (int pixel = 0; pixel < 256; pixel++) {
                tables[channel][pixel] = own.apply(pixel, maximum);
            }
        }
        return tables;
    }

    /**
     * Mean and population standard deviation of these pixels, all channels alike: exact integer sums, so the result does not
     * depend on their order. Pixels that are all equal get std 1, which makes them zero.
     */
    public static Normalization of(Pixels pixels) {
        long[] counts = new long[256];
        pixels.count(counts);
        return of(counts, pixels.maximum());
    }

    /** The same for each channel of its own. */
    public static Normalization byChannel(Pixels pixels) {
        List<Float> means = new ArrayList<>();
        List<Float> stds = new ArrayList<>();
        for (int channel = 0; channel < pixels.shape().dimension(0); channel++) {
            long[] counts = new long[256];
            pixels.count(counts, channel);
            Normalization one = of(counts, pixels.maximum());
            means.add(one.mean());
            stds.add(one.std());
        }
        return new Normalization(means, stds);
    }

    private static Normalization of(long[] counts, int maximum) {
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
        double std = variance > 0 ? Math.sqrt(variance) / maximum : 1;
        return new Normalization((float) (mean / maximum), (float) std);
    }
}
