package io.ketju.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.util.ArrayList;
import java.util.List;

/**
 * Words at their places in the plane, in the colours of their kinds. Both axes are drawn to the same scale, as large as there is
 * room.
 *
 * <pre>{@code
 * new WordMap("words").words(0, List.of("two", "three"), x, y).words(1, List.of("hand"), otherX, otherY)
 * }</pre>
 */
public final class WordMap implements Picture {
    private static final int SIDE = 480;
    private static final int TOP = 34;
    private static final int MARGIN = 16;
    private static final int DOT = 5;
    /** For the word that stands farthest to the right. */
    private static final int RIGHT = 60;

    private final String title;
    private final List<Word> words = new ArrayList<>();

    private record Word(String text, Color colour, double x, double y) {}

    /**
     * Begins without a word.
     *
     * @param title above it
     */
    public WordMap(String title) {
        this.title = title;
    }

    /**
     * Adds words of a kind.
     *
     * @param kind from 0: their colour
     * @param texts the words
     * @param x a finite place of each
     * @param y the same
     * @return this
     * @throws IllegalArgumentException if a word has no place, or one that is not finite
     */
    public WordMap words(int kind, List<String> texts, double[] x, double[] y) {
        if (x.length != texts.size() || y.length != texts.size()) {
            throw new IllegalArgumentException(title + ": expected x and y of each of " + texts.size()
                    + " words, found " + x.length + " and " + y.length);
        }
        for (int i = 0; i < x.length; i++) {
            if (!Double.isFinite(x[i]) || !Double.isFinite(y[i])) {
                throw new IllegalArgumentException(
                        title + ": expected a finite place of '" + texts.get(i) + "', found " + x[i] + ", " + y[i]);
            }
            words.add(new Word(texts.get(i), Colours.ofClass(kind), x[i], y[i]));
        }
        return this;
    }

    @Override
    public int width() {
        return SIDE + 2 * MARGIN;
    }

    @Override
    public int height() {
        return TOP + SIDE + MARGIN;
    }

    @Override
    public void paint(Graphics2D graphics) {
        Text.draw(graphics, Text.BOLD, title, MARGIN, 22);
        graphics.setColor(Color.LIGHT_GRAY);
        graphics.drawRect(MARGIN, TOP, SIDE, SIDE);
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        double left = words.stream().mapToDouble(Word::x).min().orElse(0);
        double right = words.stream().mapToDouble(Word::x).max().orElse(1);
        double low = words.stream().mapToDouble(Word::y).min().orElse(0);
        double high = words.stream().mapToDouble(Word::y).max().orElse(1);
        double across = (SIDE - 2 * MARGIN - RIGHT) / Math.max(right - left, Double.MIN_NORMAL);
        double most = Math.min(across, (SIDE - 2 * MARGIN) / Math.max(high - low, Double.MIN_NORMAL));
        double scale = Double.isFinite(most) ? most : 0; // words at one place have no distances to be drawn
        for (Word word : words) {
            double x = 2 * MARGIN + (word.x() - left) * scale;
            double y = TOP + SIDE - MARGIN - (word.y() - low) * scale;
            graphics.setColor(word.colour());
            graphics.fill(new Ellipse2D.Double(x - DOT / 2.0, y - DOT / 2.0, DOT, DOT));
            Text.draw(
                    graphics, Text.PLAIN, word.colour(), word.text(), (int) Math.round(x) + 4, (int) Math.round(y) + 4);
        }
    }
}
