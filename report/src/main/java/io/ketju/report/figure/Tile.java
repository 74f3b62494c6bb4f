package io.ketju.report.figure;

/**
 * A small image with a line about it.
 *
 * @param caption the line
 * @param rgb row by row, red, green and blue of a pixel in 24 bits
 */
@SuppressWarnings("ArrayRecordComponent") // drawn, never compared
public record Tile(String caption, int[] rgb) {
    private static final int WHITE = 255;

    /**
     * Shades of grey.
     *
     * @param caption the line about it
     * @param values row by row
     * @param black number that is shown black
     * @param white number that is shown white
     * @return with a pixel for each value
     */
    public static Tile grey(String caption, float[] values, float black, float white) {
        int[] rgb = new int[values.length];
        for (int i = 0; i < rgb.length; i++) {
            int shade = shade((values[i] - black) / (white - black));
            rgb[i] = shade << 16 | shade << 8 | shade;
        }
        return new Tile(caption, rgb);
    }

    /**
     * Three planes, red, green and blue.
     *
     * @param caption the line about it
     * @param planes one after the other, each row by row
     * @param black number that is shown without a colour
     * @param white number that is shown with all of it
     * @return with a pixel for three values
     */
    public static Tile coloured(String caption, float[] planes, float black, float white) {
        int[] rgb = new int[planes.length / 3];
        for (int i = 0; i < planes.length; i++) {
            rgb[i % rgb.length] |= shade((planes[i] - black) / (white - black)) << (16 - 8 * (i / rgb.length));
        }
        return new Tile(caption, rgb);
    }

    /**
     * Weights: 0 is white, negative ones are blue, positive ones red, the largest of all of them full.
     *
     * @param caption the line about it
     * @param weights row by row
     * @return with a pixel for each weight
     */
    public static Tile signed(String caption, float[] weights) {
        float most = 0;
        for (float weight : weights) {
            most = Math.max(most, Math.abs(weight));
        }
        int[] rgb = new int[weights.length];
        for (int i = 0; i < rgb.length; i++) {
            int pale = most == 0 ? WHITE : shade(1 - Math.abs(weights[i]) / most);
            rgb[i] = weights[i] < 0 ? pale << 16 | pale << 8 | WHITE : WHITE << 16 | pale << 8 | pale;
        }
        return new Tile(caption, rgb);
    }

    private static int shade(float share) {
        return Math.clamp(Math.round(share * WHITE), 0, WHITE);
    }
}
