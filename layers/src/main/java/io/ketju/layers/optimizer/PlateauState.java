package io.ketju.layers.optimizer;

/**
 * What {@link ReduceLROnPlateau} has come to: the part of a run's state that is a schedule's. Immutable.
 *
 * @param epochs data epochs that were heard of
 * @param best the best metric so far, an infinity before the first
 * @param badEpochs epochs since then, without those of a cooldown
 * @param cooldown epochs that are still not counted
 * @param reductions how often rates were reduced
 */
public record PlateauState(int epochs, double best, int badEpochs, int cooldown, int reductions) {
    private static final int FIELDS = 5;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if a count is below 0, or the best metric is not a number
     */
    public PlateauState {
        if (epochs < 0 || Double.isNaN(best) || badEpochs < 0 || cooldown < 0 || reductions < 0) {
            throw new IllegalArgumentException("expected counts of at least 0 and a number, found epochs " + epochs
                    + ", best " + best + ", bad " + badEpochs + ", cooldown " + cooldown + ", reductions "
                    + reductions);
        }
    }

    /**
     * {@return the state that a text says}
     *
     * @param text of {@link #text}
     * @throws IllegalArgumentException if it is not such a text
     */
    public static PlateauState parse(String text) {
        String[] fields = text.split(" ", -1);
        if (fields.length != FIELDS) {
            throw new IllegalArgumentException("expected the five numbers of a plateau, found " + fields.length);
        }
        return new PlateauState(
                Integer.parseInt(fields[0]),
                Double.parseDouble(fields[1]),
                Integer.parseInt(fields[2]),
                Integer.parseInt(fields[3]),
                Integer.parseInt(fields[4]));
    }

    /** {@return all numbers in their order, which {@link #parse} reads back to the same bits} */
    public String text() {
        return epochs + " " + best + " " + badEpochs + " " + cooldown + " " + reductions;
    }
}
