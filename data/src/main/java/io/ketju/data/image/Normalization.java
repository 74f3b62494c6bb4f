package io.ketju.data.image;

import java.util.ArrayList;
import java.util.List;

/**
 * How pixels become inputs, by channel or all alike: {@code (x / maximum - mean) / std} in float32, in this order of operations,
 * which is that of torchvision's {@code ToTensor} and {@code Normalize}.
 *
 * @param means of the training pixels on the scale 0 to 1, one for each channel, or one for all
 * @param stds standard deviations on the same scale, as many as means
 */
public record Normalization(List<Float> means, List<Float> stds) {
    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException unless means are finite and stds are finite, positive and as many
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

    /**
     * Treats all channels alike.
     *
     * @param mean on the scale 0 to 1
     * @param std on the same scale, above 0
     * @throws IllegalArgumentException if one is not finite, or the deviation not above 0
     */
    public Normalization(float mean, float std) {
        this(List.of(mean), List.of(std));
    }

    /** {@return the mean of the first channel} */
    public float mean() {
        return means.getFirst();
    }

    /** {@return the standard deviation of the first channel} */
    public float std() {
        return stds.getFirst();
    }

    /** {@return how many channels it tells apart; 1 where all are alike} */
    public int channels() {
        return means.size();
    }

    /**
     * {@return the normalization of one channel, for which {@link #channels} is 1}
     *
     * @param channel from 0; without meaning where all are alike
     */
    public Normalization channel(int channel) {
        return channels() == 1 ? this : new Normalization(means.get(channel), stds.get(channel));
    }

    /**
     * {@return the input that a pixel of the first channel becomes}
     *
     * @param pixel 0 to {@code maximum}
     * @param maximum value of full brightness
     */
    public float apply(int pixel, int maximum) {
        return ((float) pixel / (float) maximum - mean()) / std();
    }

    /**
     * {@return the inputs that the pixels 0 to {@code maximum} of the first channel become, as many as there are such pixels}
     *
     * @param maximum value of full brightness
     */
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
     * {@return mean and population standard deviation of some pixels, all channels alike} The sums are exact integers, so the
     * result does not depend on their order. Pixels that are all equal get std 1, which makes them zero.
     *
     * @param pixels of the training images
     */
    public static Normalization of(Pixels pixels) {
        long[] counts = new long[256];
        pixels.count(counts);
        return of(counts, pixels.maximum());
    }

    /**
     * {@return the same for each channel of its own: see {@link #of(Pixels)}}
     *
     * @param pixels of the training images
     */
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
