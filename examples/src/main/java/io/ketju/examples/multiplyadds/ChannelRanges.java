package io.ketju.examples.multiplyadds;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The least and the most of each number that a layer makes, over images. */
final class ChannelRanges {
    /** Numbers behind a normalization are of the order of one. */
    static final float SAME = 1e-3f;

    private final int channels;
    private final int places;
    private final float[] least;
    private final float[] most;

    /**
     * @param channels of an image
     * @param places of a channel
     */
    ChannelRanges(int channels, int places) {
        this.channels = channels;
        this.places = places;
        least = new float[channels * places];
        most = new float[channels * places];
        Arrays.fill(least, Float.POSITIVE_INFINITY);
        Arrays.fill(most, Float.NEGATIVE_INFINITY);
    }

    /** One more image: all places of the first channel, then those of the next. */
    void add(float[] image) {
        for (int i = 0; i < least.length; i++) {
            least[i] = Math.min(least[i], image[i]);
            most[i] = Math.max(most[i], image[i]);
        }
    }

    int channels() {
        return channels;
    }

    /** How many channels are dead. */
    int dead() {
        return (int) IntStream.range(0, channels).filter(this::dead).count();
    }

    /** Whether at each place of a channel all images have the same number, to within {@link #SAME}. */
    boolean dead(int channel) {
        return IntStream.range(channel * places, (channel + 1) * places).allMatch(i -> most[i] - least[i] <= SAME);
    }
}
