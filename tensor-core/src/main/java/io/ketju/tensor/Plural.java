package io.ketju.tensor;

/** How messages count: one epoch, two epochs. */
public final class Plural {
    private Plural() {}

    /** {@code 1 epoch}, {@code 2 epochs}, {@code 0 micro-batches}. */
    public static String of(long count, String one) {
        return count + " " + word(count, one);
    }

    /** The word alone: {@code epoch} or {@code epochs}. */
    public static String word(long count, String one) {
        if (count == 1) {
            return one;
        }
        return one + (one.endsWith("tch") || one.endsWith("s") ? "es" : "s");
    }
}
