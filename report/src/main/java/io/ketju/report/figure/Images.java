package io.ketju.report.figure;

import java.util.List;

/**
 * Small images of one size.
 *
 * @param name of a file of it, without an ending
 * @param title what stands above it
 * @param note what is to be known of them
 * @param rows pixels from top to bottom
 * @param columns pixels from left to right
 * @param tiles each of as many pixels
 */
public record Images(String name, String title, String note, int rows, int columns, List<Tile> tiles)
        implements Figure {
    /** Copies the list. */
    public Images {
        tiles = List.copyOf(tiles);
    }
}
