package io.ketju.data.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;

/**
 * A grey image, one unsigned byte from 0 (black) to 255 (white) per pixel, row-major. Integer arithmetic throughout, so the
 * same file gives the same values on every machine.
 */
@SuppressWarnings("ArrayRecordComponent") // passed along inside this package; never compared
record GrayImage(int height, int width, byte[] values) {
    private static final int WHITE = 255;

    /** Grey by luma (ITU-R BT.601, weights in thousandths), transparency over white. */
    static GrayImage of(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] values = new byte[width * height];
        boolean gray = image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY
                && image.getColorModel().getComponentSize(0) >= Byte.SIZE;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                values[y * width + x] = (byte) (gray ? gray(image, x, y) : luma(image.getRGB(x, y)));
            }
        }
        return new GrayImage(height, width, values);
    }

    // Not getRGB: it takes grey samples for linear light and would brighten them.
    private static int gray(BufferedImage image, int x, int y) {
        Raster raster = image.getRaster();
        int shift = image.getColorModel().getComponentSize(0) - Byte.SIZE;
        int value = raster.getSample(x, y, 0) >> shift;
        int alpha = image.getColorModel().hasAlpha() ? raster.getSample(x, y, 1) >> shift : WHITE;
        return over(value, alpha);
    }

    private static int luma(int argb) {
        int alpha = argb >>> 24;
        int red = over(argb >> 16 & 0xFF, alpha);
        int green = over(argb >> 8 & 0xFF, alpha);
        int blue = over(argb & 0xFF, alpha);
        return (299 * red + 587 * green + 114 * blue + 500) / 1000;
    }

    private static int over(int value, int alpha) {
        return (value * alpha + WHITE * (WHITE - alpha) + WHITE / 2) / WHITE;
    }

    /**
     * Scaled to another size: every new pixel is the mean of the area of old pixels that it covers, weighted exactly,
     * rounded half up.
     */
    GrayImage resized(int newHeight, int newWidth) {
        byte[] result = new byte[newHeight * newWidth];
        long area = (long) height * width;
        for (int y = 0; y < newHeight; y++) {
            for (int x = 0; x < newWidth; x++) {
                result[y * newWidth + x] = (byte) ((coveredSum(y, x, newHeight, newWidth) + area / 2) / area);
            }
        }
        return new GrayImage(newHeight, newWidth, result);
    }

    // In units of 1/newHeight by 1/newWidth of an old pixel, so that all overlaps are whole numbers.
    private long coveredSum(int newY, int newX, int newHeight, int newWidth) {
        long top = (long) newY * height;
        long left = (long) newX * width;
        long sum = 0;
        for (int y = (int) (top / newHeight); y < height && (long) y * newHeight < top + height; y++) {
            long rows = overlap((long) y * newHeight, newHeight, top, height);
            for (int x = (int) (left / newWidth); x < width && (long) x * newWidth < left + width; x++) {
                sum += rows * overlap((long) x * newWidth, newWidth, left, width) * (values[y * width + x] & WHITE);
            }
        }
        return sum;
    }

    private static long overlap(long start, long length, long otherStart, long otherLength) {
        return Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart);
    }

    /** Whether the mean of the outermost pixels is above middle grey. */
    boolean hasBrightBorder() {
        long sum = 0;
        long count = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                if (y == 0 || y == height - 1 || x == 0 || x == width - 1) {
                    sum += values[y * width + x] & WHITE;
                    count++;
                }
            }
        }
        return 2 * sum > WHITE * count;
    }

    GrayImage inverted() {
        byte[] result = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = (byte) (WHITE - (values[i] & WHITE));
        }
        return new GrayImage(height, width, result);
    }
}
