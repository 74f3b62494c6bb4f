package io.ketju.report.page;

import io.ketju.report.figure.Images;
import io.ketju.report.figure.Tile;

/** Small images side by side. */
final class TilesPart {
    /** How wide one is shown, about. */
    private static final int SHOWN = 96;

    private TilesPart() {}

    static void write(Markup html, Images images) {
        html.leaf("h3", images.title()).leaf("p", images.note());
        int scale = Math.max(1, SHOWN / images.columns());
        html.open("ul", "class", "tiles");
        for (Tile tile : images.tiles()) {
            html.open("li").open("figure");
            html.empty(
                    "img",
                    "src",
                    Png.url(tile, images.rows(), images.columns()),
                    "alt",
                    tile.caption(),
                    "width",
                    Integer.toString(scale * images.columns()),
                    "height",
                    Integer.toString(scale * images.rows()));
            html.leaf("figcaption", tile.caption()).close().close();
        }
        html.close();
    }
}
