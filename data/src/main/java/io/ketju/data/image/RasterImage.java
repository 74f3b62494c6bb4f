package io.ketju.data.image;

import java.awt.image.BufferedImage;

/**
 * An image of one channel (grey) or three (red, green, blue), one unsigned byte per value, plane after plane, row-major. Integer
 * arithmetic throughout, so the same file gives the same values on every machine.
 */
@SuppressWarnings("ArrayRecordComponent") // passed along inside this package; never compared
record RasterImage(int channels, int height, int width, byte[] values) {
    /** Which part of an image of another shape is taken. */
    enum Fit {
        /** The largest square in its middle. */
        CROP,
        /** All of it; what is not square is squeezed. */
        STRETCH
    }

    /** Transparency over white; grey by luma where one channel is wanted, see {@link GrayImage}. */
    static RasterImage of(BufferedImage image, int channels) {
        int height = image.getHeight();
        int width = image.getWidth();
        if (channels == 1) {
            return new RasterImage(1, height, width, GrayImage.of(image).values());
        }
        byte[] values = new byte[3 * height * width];
        int plane = height * width;
        int[] row = new int[width];
        boolean gray = image.getColorModel().getNumColorComponents() == 1;
        byte[] luma = gray ? GrayImage.of(image).values() : new byte[0];
        for (int y = 0; y < height; y++) {
            image.getRGB(0, y, width, 1, row, 0, width);
            for (int x = 0; x < width; x++) {
                int at = y * width + x;
                for (int channel = 0; channel < 3; channel++) {
                    int value = row[x] >> (16 - 8 * channel) & 0xFF;
                    values[channel * plane + at] = gray ? luma[at] : (byte) over(value, row[x] >>> 24);
                }
            }
        }
        return new RasterImage(3, height, width, values);
    }

    private static int over(int value, int alpha) {
        return (value * alpha + 255 * (255 - alpha) + 127) / 255;
    }

    /** Square, of this size: every new pixel is the mean of the area of old ones that it covers. */
    RasterImage square(int size, Fit fit) {
        RasterImage part = fit == Fit.CROP ? centre(Math.min(height, width)) : this;
        byte[] result = new byte[channels * size * size];
        for (int channel = 0; channel < channels; channel++) {
            byte[] resized = part.plane(channel).resized(size, size).values();
            System.arraycopy(resized, 0, result, channel * size * size, size * size);
        }
        return new RasterImage(channels, size, size, result);
    }

    /** One channel. */
    GrayImage plane(int channel) {
        byte[] plane = new byte[height * width];
        System.arraycopy(values, channel * plane.length, plane, 0, plane.length);
        return new GrayImage(height, width, plane);
    }

    /** The square in the middle; of two middles the one nearer to the top and the left. */
    private RasterImage centre(int size) {
        byte[] result = new byte[channels * size * size];
        int top = (height - size) / 2;
        int left = (width - size) / 2;
        for (int channel = 0; channel < channels; channel++) {
            for (int y = 0; y < size; y++) {
                int from = (channel * height + top + y) * width + left;
                System.arraycopy(values, from, result, (channel * size + y) * size, size);
            }
        }
        return new RasterImage(channels, size, size, result);
    }
}
