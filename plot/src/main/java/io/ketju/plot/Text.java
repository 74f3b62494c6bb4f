package io.ketju.plot;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.util.Locale;

/** Text on pictures: black, without serifs, placed by its middle or an end. */
final class Text {
    static final Font PLAIN = new Font(Font.SANS_SERIF, Font.PLAIN, 11);
    static final Font BOLD = new Font(Font.SANS_SERIF, Font.BOLD, 14);

    private Text() {}

    /** With its middle at x and its base at y. */
    static void centred(Graphics2D graphics, Font font, String text, int x, int y) {
        draw(graphics, font, text, x - width(graphics, font, text) / 2, y);
    }

    /** With its end at x and its base at y. */
    static void endingAt(Graphics2D graphics, Font font, String text, int x, int y) {
        draw(graphics, font, text, x - width(graphics, font, text), y);
    }

    static void draw(Graphics2D graphics, Font font, String text, int x, int y) {
        draw(graphics, font, Color.BLACK, text, x, y);
    }

    static void draw(Graphics2D graphics, Font font, Color colour, String text, int x, int y) {
        graphics.setFont(font);
        graphics.setColor(colour);
        graphics.drawString(text, x, y);
    }

    /** Upwards, with its begin at y and its base at x. */
    static void upwards(Graphics2D graphics, Font font, String text, int x, int y) {
        AffineTransform before = graphics.getTransform();
        graphics.translate(x, y);
        graphics.rotate(-Math.PI / 2);
        draw(graphics, font, text, 0, 0);
        graphics.setTransform(before);
    }

    static int width(Graphics2D graphics, Font font, String text) {
        return graphics.getFontMetrics(font).stringWidth(text);
    }

    /** A number in four digits at most, without zeros behind. */
    static String of(double value) {
        double size = Math.abs(value);
        if (value == Math.rint(value) && size < 1e6) {
            return String.format(Locale.ROOT, "%d", (long) value);
        }
        if (size >= 1e-3 && size < 1e6) {
            int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
            String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
            return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
        }
        return String.format(Locale.ROOT, "%.1e", value);
    }
}
