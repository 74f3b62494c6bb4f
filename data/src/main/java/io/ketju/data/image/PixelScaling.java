package io.ketju.data.image;

import io.ketju.data.TrainTest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What pixels become as inputs, by channel of the training images alone; a run keeps it and applies it to what it is shown. */
public enum PixelScaling {
    /** (x - mean) / standard deviation. */
    STANDARD,
    /** x - mean, on the scale 0 to 1. */
    CENTER,
    /** (x - smallest) / (largest - smallest): 0 to 1. */
    MINMAX,
    /** As they are, 0 to 255. */
    NONE;

    private static final float LARGEST = 255;

    /**
     * {@return both halves, with inputs that are scaled so; the pixels are shared}
     *
     * @param data whose halves are {@link ImageDataset}s
     * @throws IllegalArgumentException if they are no images
     */
    public TrainTest of(TrainTest data) {
        if (!(data.train() instanceof ImageDataset train) || !(data.test() instanceof ImageDataset test)) {
            throw new IllegalArgumentException(
                    "expected images of classes to scale, found " + data.train().name());
        }
        Normalization normalization = of(train.pixels());
        return new TrainTest(train.normalized(normalization), test.normalized(normalization));
    }

    private Normalization of(Pixels pixels) {
        int channels = pixels.shape().dimension(0);
        return switch (this) {
            case STANDARD -> Normalization.byChannel(pixels);
            case CENTER ->
                new Normalization(Normalization.byChannel(pixels).means(), Collections.nCopies(channels, 1f));
            case MINMAX -> range(pixels, channels);
            case NONE -> new Normalization(0, 1 / LARGEST);
        };
    }

    private static Normalization range(Pixels pixels, int channels) {
        List<Float> least = new ArrayList<>();
        List<Float> ranges = new ArrayList<>();
        for (int channel = 0; channel < channels; channel++) {
            long[] counts = new long[256];
            pixels.count(counts, channel);
            int smallest = 0;
            while (counts[smallest] == 0) {
                smallest++;
            }
            int largest = counts.length - 1;
            while (counts[largest] == 0) {
                largest--;
            }
            least.add((float) smallest / pixels.maximum());
            ranges.add(largest > smallest ? (float) (largest - smallest) / pixels.maximum() : 1);
        }
        return new Normalization(least, ranges);
    }
}
