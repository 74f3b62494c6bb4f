package io.ketju.layers.padding;

/**
 * How much longer one axis becomes.
 *
 * @param before positions in front; negative ones are cut off
 * @param after positions behind; negative ones are cut off
 */
public record Sides(int before, int after) {
    /** As it is. */
    public static final Sides NONE = new Sides(0, 0);
}
