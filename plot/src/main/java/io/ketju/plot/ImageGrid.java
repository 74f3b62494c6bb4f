package io.ketju.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.List;

/** Images of one size in rows, each with a line below it: samples, filters, weights. */
public final class ImageGrid implements Picture {
    private static final int MARGIN = 12;
    private static final int TOP = 34;
    private static final int GAP = 8;
    private static final int CAPTION = 15;

    /** Finer differences are not seen, and equal neighbours make smaller files. */
    private static final double GREYS = 63;

    private final String title;
    private final int rows;
    private final int columns;
    private final int scale;
    private final int inRow;
    private final List<Tile> tiles = new ArrayList<>();

    /** Pixels as shades, and what stands below. */
    private record Tile(List<Color> pixels, String caption) {}

    /**
     * Begins a grid without an image.
     *
     * @param title above it
     * @param rows pixels of an image from top to bottom
     * @param columns pixels from left to right
     * @param scale units per pixel
     * @param inRow images side by side
     */
    public ImageGrid(String title, int rows, int columns, int scale, int inRow) {
        this.title = title;
        this.rows = rows;
        this.columns = columns;
        this.scale = scale;
        this.inRow = inRow;
    }

    /**
     * Adds an image of numbers.
     *
     * @param caption the line below it
     * @param values [rows, columns], row-major
     * @param black what is shown as black, as is everything beyond it
     * @param white what is shown as white, as is everything beyond it; may be less than black
     * @return this
     * @throws IllegalArgumentException if there are not as many values as pixels
     */
    public ImageGrid grey(String caption, float[] values, double black, double white) {
        Color[] pixels = new Color[require(values.length)];
        for (int i = 0; i < pixels.length; i++) {
            double share = Math.round((values[i] - black) / (white - black) * GREYS) / GREYS;
            pixels[i] = Colours.ink(1 - share);
        }
        tiles.add(new Tile(List.of(pixels), caption));
        return this;
    }

    /**
     * Adds an image of weights: 0 is white, negative ones blue, positive ones red, the largest of this image full.
     *
     * @param caption the line below it
     * @param values [rows, columns], row-major
     * @return this
     * @throws IllegalArgumentException if there are not as many values as pixels
     */
    public ImageGrid signed(String caption, float[] values) {
        Color[] pixels = new Color[require(values.length)];
        double most = 0;
        for (float value : values) {
            most = Math.max(most, Math.abs(value));
        }
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = Colours.diverging(most == 0 ? 0 : Math.round(values[i] / most * GREYS) / GREYS);
        }
        tiles.add(new Tile(List.of(pixels), caption));
        return this;
    }

    /**
     * Adds an image of colours.
     *
     * @param caption the line below it
     * @param rgb [rows, columns], row-major: each in 24 bits, red, green, blue
     * @return this
     * @throws IllegalArgumentException if there are not as many values as pixels
     */
    public ImageGrid coloured(String caption, int[] rgb) {
        Color[] pixels = new Color[require(rgb.length)];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = new Color(rgb[i]);
        }
        tiles.add(new Tile(List.of(pixels), caption));
        return this;
    }

    private int require(int pixels) {
        if (pixels != rows * columns) {
            throw new IllegalArgumentException(
                    title + ": expected " + rows + " x " + columns + " pixels, found " + pixels + " values");
        }
        return pixels;
    }

    @Override
    public int width() {
        int across = 2 * MARGIN + inRow * (columns * scale + GAP) - GAP;
        return Math.max(across, title.length() * 8 + 2 * MARGIN);
    }

    @Override
    public int height() {
        int lines = (tiles.size() + inRow - 1) / inRow;
        return TOP + lines * (rows * scale + CAPTION + GAP) + MARGIN - GAP;
    }

    @Override
    public void paint(Graphics2D graphics) {
        Text.draw(graphics, Text.BOLD, title, MARGIN, 22);
        for (int i = 0; i < tiles.size(); i++) {
            Tile tile = tiles.get(i);
            int left = MARGIN + i % inRow * (columns * scale + GAP);
            int top = TOP + i / inRow * (rows * scale + CAPTION + GAP);
            new Cells(left, top, scale, rows, columns)
                    .paint(graphics, (row, column) -> tile.pixels().get(row * columns + column));
            graphics.setColor(Color.LIGHT_GRAY);
            graphics.drawRect(left, top, columns * scale, rows * scale);
            Text.centred(
                    graphics, Text.PLAIN, tile.caption(), left + columns * scale / 2, top + rows * scale + CAPTION - 2);
        }
    }
}
