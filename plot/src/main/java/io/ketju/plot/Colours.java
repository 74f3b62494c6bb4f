package io.ketju.plot;

import java.awt.Color;
import java.util.List;

/** Colours that are told apart by most eyes: a few for classes and lines, and scales for numbers. */
public final class Colours {
    /** For classes and lines, one after the other (Okabe and Ito 2008, without black and yellow). */
    private static final List<Color> CLASSES = List.of(
            new Color(0, 114, 178),
            new Color(213, 94, 0),
            new Color(0, 158, 115),
            new Color(204, 121, 167),
            new Color(86, 180, 233),
            new Color(230, 159, 0),
            new Color(90, 90, 90),
            new Color(148, 60, 20),
            new Color(60, 60, 160),
            new Color(120, 140, 30));

    private static final List<Color> DARK_TO_BRIGHT = List.of(
            new Color(30, 20, 70),
            new Color(45, 85, 140),
            new Color(40, 145, 140),
            new Color(110, 195, 90),
            new Color(245, 230, 70));

    private static final List<Color> BLUE_WHITE_RED =
            List.of(new Color(20, 70, 150), new Color(245, 245, 245), new Color(170, 30, 40));

    private Colours() {}

    /**
     * {@return the colour of a class or a line}
     *
     * @param index from 0; colours begin anew after ten
     */
    public static Color ofClass(int index) {
        return CLASSES.get(Math.floorMod(index, CLASSES.size()));
    }

    /**
     * {@return the same colour, pale: for regions behind points}
     *
     * @param index from 0; colours begin anew after ten
     */
    public static Color pale(int index) {
        return mix(ofClass(index), Color.WHITE, 0.7);
    }

    /**
     * {@return a colour from dark blue over green to yellow}
     *
     * @param value 0 to 1; what lies outside is taken as 0 or 1, NaN as 0
     */
    public static Color sequential(double value) {
        return along(DARK_TO_BRIGHT, value);
    }

    /**
     * {@return a colour from blue over white to red}
     *
     * @param value -1 to 1; what lies outside is taken as -1 or 1, NaN as -1
     */
    public static Color diverging(double value) {
        return along(BLUE_WHITE_RED, (value + 1) / 2);
    }

    /**
     * {@return a shade of grey}
     *
     * @param value 0, white, to 1, black; what lies outside is taken as 0 or 1, NaN as 0
     */
    public static Color ink(double value) {
        return mix(Color.WHITE, Color.BLACK, clamped(value));
    }

    private static Color along(List<Color> anchors, double value) {
        double place = clamped(value) * (anchors.size() - 1);
        int low = Math.min((int) place, anchors.size() - 2);
        return mix(anchors.get(low), anchors.get(low + 1), place - low);
    }

    private static double clamped(double value) {
        return Double.isNaN(value) ? 0 : Math.clamp(value, 0.0, 1.0);
    }

    /** A share of the way, from 0 to 1, from one colour to another. */
    static Color mix(Color from, Color to, double share) {
        return new Color(
                mix(from.getRed(), to.getRed(), share),
                mix(from.getGreen(), to.getGreen(), share),
                mix(from.getBlue(), to.getBlue(), share));
    }

    private static int mix(int from, int to, double share) {
        return (int) Math.round(from + share * (to - from));
    }
}
