package io.ketju.plot;

import java.awt.Graphics2D;
import java.util.List;

/**
 * Pictures beside each other, in as many rows as it takes.
 *
 * @param pictures from left to right, row by row
 * @param inRow the most in one row
 */
public record SideBySide(List<Picture> pictures, int inRow) implements Picture {
    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if there is no picture, or a row has room for none
     */
    public SideBySide {
        pictures = List.copyOf(pictures);
        if (pictures.isEmpty() || inRow < 1) {
            throw new IllegalArgumentException("side by side: expected pictures, at least one in a row, found "
                    + pictures.size() + " and " + inRow);
        }
    }

    /**
     * Puts all in one row.
     *
     * @param pictures from left to right, at least one
     */
    public SideBySide(Picture... pictures) {
        this(List.of(pictures), pictures.length);
    }

    private int cellWidth() {
        return pictures.stream().mapToInt(Picture::width).max().orElse(0);
    }

    private int cellHeight() {
        return pictures.stream().mapToInt(Picture::height).max().orElse(0);
    }

    @Override
    public int width() {
        return cellWidth() * Math.min(inRow, pictures.size());
    }

    @Override
    public int height() {
        return cellHeight() * ((pictures.size() + inRow - 1) / inRow);
    }

    @Override
    public void paint(Graphics2D graphics) {
        for (int i = 0; i < pictures.size(); i++) {
            Graphics2D part = (Graphics2D) graphics.create();
            part.translate(i % inRow * cellWidth(), i / inRow * cellHeight());
            pictures.get(i).paint(part);
            part.dispose();
        }
    }
}
