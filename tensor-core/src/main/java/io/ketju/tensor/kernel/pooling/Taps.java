package io.ketju.tensor.kernel.pooling;

/**
 * The taps of one row of windows that are not padding above or below: their part of the table of the image, as
 * addresses, and the address in the image to which they are relative.
 */
record Taps(long from, long end, long image) {
    static Taps of(PhaseImage image, PoolWindow window, PoolShape shape, int oh) {
        PoolAxis rows = window.rows();
        int kernel = window.columns().kernel();
        int from = (rows.begin(oh) - rows.start(oh)) / rows.dilation() * kernel;
        int end = Math.ceilDiv(rows.end(oh, shape.height()) - rows.start(oh), rows.dilation()) * kernel;
        return new Taps(image.taps() + 4L * from, image.taps() + 4L * end, image.row(rows.start(oh)));
    }
}
