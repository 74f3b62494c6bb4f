package io.ketju.data.image;

import io.ketju.data.IdentityHash;
import io.ketju.tensor.random.CounterRandom;

/**
 * How an image varies from epoch to epoch while it is learnt from. What happens is a function of (seed, data epoch, sample). Tested
 * is the image as it is, or the middle of it where the size changes.
 *
 * @param size height and width of what comes out; 0 for those of the image
 * @param padding black pixels around the image before a part of it is cut out at random
 * @param flip whether half of all images are mirrored from left to right
 * @param flipVertically whether half of all images are mirrored from top to bottom
 * @param resized whether a part of another size and form is cut out and scaled, as torchvision's {@code RandomResizedCrop} does
 * @param leastArea smallest share of the area that is cut out then, > 0 to 1
 */
public record Augmentation(
        int size, int padding, boolean flip, boolean flipVertically, boolean resized, double leastArea) {
    private static final int TRIES = 10;
    private static final double WIDEST = 4.0 / 3;

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if a size or the padding is below 0, the padding above 4096, or the area not above 0 to 1
     */
    public Augmentation {
        if (size < 0 || padding < 0 || padding > 1 << 12 || !(leastArea > 0 && leastArea <= 1)) {
            throw new IllegalArgumentException(
                    "expected a size and a padding of 0 or more and an area above 0 to 1, found " + size + ", "
                            + padding + " and " + leastArea);
        }
    }

    /**
     * The part of an image that is taken, in pixels of the image; it may begin outside of it.
     *
     * @param mirrored from left to right
     * @param upsideDown from top to bottom
     */
    record Part(int top, int left, int height, int width, boolean mirrored, boolean upsideDown) {}

    /** Height and width of what comes out of images of this size. */
    int out(int of) {
        return size == 0 ? of : size;
    }

    /** What is taken of an image in a data epoch. */
    Part drawn(long seed, long dataEpoch, int sample, int height, int width) {
        CounterRandom random = CounterRandom.of(seed, "augment").stream("" + dataEpoch).stream("" + sample);
        boolean mirrored = flip && random.below(0, 2) == 1;
        boolean upsideDown = flipVertically && random.below(1, 2) == 1;
        if (resized) {
            return resizedPart(random, height, width, mirrored, upsideDown);
        }
        int rows = height + 2 * padding - out(height);
        int columns = width + 2 * padding - out(width);
        return new Part(
                random.below(2, rows + 1) - padding,
                random.below(3, columns + 1) - padding,
                out(height),
                out(width),
                mirrored,
                upsideDown);
    }

    /** What is tested of an image: the middle; all of it, scaled, where parts are scaled and it is no larger. */
    Part centre(int height, int width) {
        if (resized && (out(height) > height || out(width) > width)) {
            return new Part(0, 0, height, width, false, false);
        }
        return new Part((height - out(height)) / 2, (width - out(width)) / 2, out(height), out(width), false, false);
    }

    private Part resizedPart(CounterRandom random, int height, int width, boolean mirrored, boolean upsideDown) {
        double area = (double) height * width;
        double log = StrictMath.log(WIDEST);
        for (int i = 0; i < TRIES; i++) {
            double target = area * (leastArea + random.uniform(4 * i + 4) * (1 - leastArea));
            double ratio = StrictMath.exp((2 * random.uniform(4 * i + 5) - 1) * log);
            int w = (int) Math.round(Math.sqrt(target * ratio));
            int h = (int) Math.round(Math.sqrt(target / ratio));
            if (w > 0 && w <= width && h > 0 && h <= height) {
                int top = random.below(4 * i + 6, height - h + 1);
                int left = random.below(4 * i + 7, width - w + 1);
                return new Part(top, left, h, w, mirrored, upsideDown);
            }
        }
        int side = Math.min(height, width);
        return new Part((height - side) / 2, (width - side) / 2, side, side, mirrored, upsideDown);
    }

    void addTo(IdentityHash hash) {
        hash.add(toString());
    }
}
