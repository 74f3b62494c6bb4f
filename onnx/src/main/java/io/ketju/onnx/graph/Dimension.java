package io.ketju.onnx.graph;

/**
 * One dimension of a value.
 *
 * @param number of elements; where they differ from call to call, in a call that the export looked at
 * @param symbol what such a size is called; {@link #DERIVED} where it follows from others; "" where it is always the number
 */
public record Dimension(int number, String symbol) {
    /** Not the same in each call, but not the size of an input either. */
    public static final String DERIVED = "?";

    /**
     * {@return a dimension that is always the same}
     *
     * @param number of elements
     */
    public static Dimension of(int number) {
        return new Dimension(number, "");
    }

    /** {@return whether it differs from call to call} */
    public boolean free() {
        return !symbol.isEmpty();
    }

    /** {@return what a file has in its place: a number, a name, or nothing} */
    public String text() {
        return symbol.isEmpty() ? Integer.toString(number) : symbol.equals(DERIVED) ? "" : symbol;
    }
}
