package io.ketju.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;

/**
 * A raster of coloured cells, drawn as rectangles without seams: equal neighbours of a row are one.
 *
 * @param left where it begins
 * @param top where it begins
 * @param size of a cell, both ways
 */
record Cells(int left, int top, int size, int rows, int columns) {
    /** The colour of a cell. */
    @FunctionalInterface
    interface Colouring {
        Color at(int row, int column);
    }

    void paint(Graphics2D graphics, Colouring colouring) {
        Object before = graphics.getRenderingHint(RenderingHints.KEY_ANTIALIASING);
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_OFF);
        for (int row = 0; row < rows; row++) {
            int from = 0;
            while (from < columns) {
                Color colour = colouring.at(row, from);
                int to = from + 1;
                while (to < columns && colouring.at(row, to).equals(colour)) {
                    to++;
                }
                graphics.setColor(colour);
                graphics.fillRect(left + from * size, top + row * size, (to - from) * size, size);
                from = to;
            }
        }
        graphics.setRenderingHint(
                RenderingHints.KEY_ANTIALIASING, before == null ? RenderingHints.VALUE_ANTIALIAS_DEFAULT : before);
    }
}
