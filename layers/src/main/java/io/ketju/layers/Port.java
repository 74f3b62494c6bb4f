package io.ketju.layers;

/**
 * One of a layer's inputs or outputs.
 *
 * @param index position among the inputs or the outputs
 */
public record Port(Side side, int index) {
    /** Which way a tensor goes. */
    public enum Side {
        INPUT,
        OUTPUT
    }

    public static Port input(int index) {
        return new Port(Side.INPUT, index);
    }

    public static Port output(int index) {
        return new Port(Side.OUTPUT, index);
    }

    @Override
    public String toString() {
        return (side == Side.INPUT ? "input " : "output ") + index;
    }
}
