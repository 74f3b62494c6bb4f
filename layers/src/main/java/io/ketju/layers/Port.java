package io.ketju.layers;

/**
 * One of a layer's inputs or outputs.
 *
 * @param side which of the two
 * @param index position among the inputs or the outputs, from 0
 */
public record Port(Side side, int index) {
    /** Which way a tensor goes. */
    public enum Side {
        /** It comes to the layer. */
        INPUT,
        /** The layer makes it. */
        OUTPUT
    }

    /**
     * An input of a layer.
     *
     * @param index position among the inputs
     * @return its port
     */
    public static Port input(int index) {
        return new Port(Side.INPUT, index);
    }

    /**
     * An output of a layer.
     *
     * @param index position among the outputs
     * @return its port
     */
    public static Port output(int index) {
        return new Port(Side.OUTPUT, index);
    }

    @Override
    public String toString() {
        return (side == Side.INPUT ? "input " : "output ") + index;
    }
}
