package io.ketju.data.image;

/**
 * The pixels of a part of an image on the grid of another size. Integer arithmetic: 16 bits behind the point.
 *
 * @param part of each image
 * @param height that it is scaled to
 * @param width that it is scaled to
 */
record Resampling(Pixels pixels, Augmentation.Part part, int height, int width) {
    private static final int ONE = 1 << 16;

    /** The pixel (y, x) of the grid, for one channel of an image, mirrored as the part says. */
    int at(int image, int channel, int y, int x) {
        int fromY = part.upsideDown() ? height - 1 - y : y;
        int fromX = part.mirrored() ? width - 1 - x : x;
        return part.height() == height && part.width() == width
                ? pixel(image, channel, fromY, fromX)
                : bilinear(image, channel, fromY, fromX);
    }

    /** A pixel of the part; outside of the image black. */
    private int pixel(int image, int channel, int rowOfPart, int columnOfPart) {
        int rows = pixels.shape().dimension(1);
        int columns = pixels.shape().dimension(2);
        int row = part.top() + rowOfPart;
        int column = part.left() + columnOfPart;
        return row < 0 || row >= rows || column < 0 || column >= columns
                ? 0
                : pixels.get(image, (channel * rows + row) * columns + column);
    }

    /**
     * Between the four nearest pixels, whose centres are at halves, as torch's {@code interpolate(mode="bilinear",
     * align_corners=False)}; rounded half up.
     */
    private int bilinear(int image, int channel, int y, int x) {
        long fromY = place(y, part.height(), height);
        long fromX = place(x, part.width(), width);
        int top = (int) (fromY >> 16);
        int left = (int) (fromX >> 16);
        int bottom = Math.min(top + 1, part.height() - 1);
        int right = Math.min(left + 1, part.width() - 1);
        long down = fromY & (ONE - 1);
        long across = fromX & (ONE - 1);
        long upper = mixed(pixel(image, channel, top, left), pixel(image, channel, top, right), across);
        long lower = mixed(pixel(image, channel, bottom, left), pixel(image, channel, bottom, right), across);
        long mean = (upper * (ONE - down) + lower * down) >> 16;
        return (int) ((mean + ONE / 2) >> 16);
    }

    /** (index + 1/2) · from / to - 1/2, from 0 on. */
    private static long place(int index, int from, int to) {
        return Math.max(0, (2L * index + 1) * from * ONE / (2L * to) - ONE / 2);
    }

    private static long mixed(int left, int right, long across) {
        return left * (ONE - across) + right * across;
    }
}
