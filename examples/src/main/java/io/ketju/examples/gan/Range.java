package io.ketju.examples.gan;

import io.ketju.examples.lesson.Points;
import java.util.Arrays;

/**
 * The numbers that pixels lie between as they are read, for networks whose pixels lie from -1 to 1.
 *
 * @param low what the darkest pixel is read as
 * @param high what the brightest is read as, above low
 */
record Range(float low, float high) {
    static Range of(Points images) {
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (float[] image : images.values()) {
            for (float pixel : image) {
                low = Math.min(low, pixel);
                high = Math.max(high, pixel);
            }
        }
        return new Range(low, high);
    }

    /** The same images with pixels from -1 to 1. */
    Points signed(Points images) {
        return new Points(each(images.values(), pixel -> 2 * (pixel - low) / (high - low) - 1), images.classes());
    }

    /** What is made, as it would have been read. */
    float[][] read(float[][] made) {
        return each(made, pixel -> (pixel + 1) / 2 * (high - low) + low);
    }

    private interface PerPixel {
        float of(float pixel);
    }

    private static float[][] each(float[][] rows, PerPixel function) {
        return Arrays.stream(rows)
                .map(row -> {
                    float[] changed = new float[row.length];
                    for (int i = 0; i < row.length; i++) {
                        changed[i] = function.of(row[i]);
                    }
                    return changed;
                })
                .toArray(float[][]::new);
    }
}
