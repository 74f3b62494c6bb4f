package io.ketju.tensor;

/** How messages count: one epoch, two epochs. */
public final class Plural {
    private Plural() {}

    /**
     * {@return the count with its word: {@code 1 epoch}, {@code 2 epochs}, {@code 0 micro-batches}}
     *
     * @param count how many there are
     * @param one the word for a single one, as {@code epoch}
     */
    public static String of(long count, String one) {
        return count + " " + word(count, one);
    }

    /**
     * {@return the word alone: {@code epoch} or {@code epochs}}
     *
     * @param count how many there are
     * @param one the word for a single one; the plural of {@code ...tch} and {@code ...s} ends in {@code es}, all others in {@code s}
     */
    public static String word(long count, String one) {
        if (count == 1) {
            return one;
        }
        return one + (one.endsWith("tch") || one.endsWith("s") ? "es" : "s");
    }
}
