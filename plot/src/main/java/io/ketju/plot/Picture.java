package io.ketju.plot;

import java.awt.Graphics2D;

/** What can be drawn. Sizes are in pixels of a PNG, which are units of an SVG. */
public interface Picture {
    /** {@return the width in pixels} */
    int width();

    /** {@return the height in pixels} */
    int height();

    /**
     * Draws all of it, from (0, 0) on; the background is white already.
     *
     * @param graphics whose clip need not be set; its colours, strokes and hints may be changed
     */
    void paint(Graphics2D graphics);
}
