package io.ketju.report.figure;

import java.util.List;

/**
 * Small images of one size.
 *
 * @param note what is to be known of them
 * @param rows pixels from top to bottom
 * @param columns pixels from left to right
 */
public record Images(String name, String title, String note, int rows, int columns, List<Tile> tiles)
        implements Figure {
    public Images {
        tiles = List.copyOf(tiles);
    }
}
