package io.ketju.plot;

import java.awt.Graphics2D;

/** What can be drawn. Sizes are in pixels of a PNG, which are units of an SVG. */
public interface Picture {
    int width();

    int height();

    /** Draws all of it, from (0, 0) on; the background is white already. */
    void paint(Graphics2D graphics);
}
