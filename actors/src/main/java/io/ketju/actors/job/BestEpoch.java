package io.ketju.actors.job;

import java.util.Arrays;
import java.util.Optional;

/**
 * Which data epoch of a run was the best so far: what {@link BestEpochRule} has come to. It is part of what checkpoints keep, so
 * that a resumed run ends where an undisturbed one does, and the newest checkpoint says which one is the best. Immutable.
 *
 * @param epochs data epochs that were heard of
 * @param step the last step of the best one: that of its checkpoint; 0 where none has had a number yet
 * @param epoch the best one, from 1; 0 where none has had a number yet
 * @param value what was watched, after that epoch
 * @param badEpochs epochs since then
 * @param restored whether the run gives the weights of that epoch
 */
public record BestEpoch(int epochs, long step, int epoch, double value, int badEpochs, boolean restored) {
    /** Of a run that has heard of no epoch. */
    public static final BestEpoch NONE = new BestEpoch(0, 0, 0, 0, 0, false);

    /** Between the parts of what a checkpoint keeps. */
    private static final String NEXT = ";";

    private static final String WORD = "best ";
    private static final int FIELDS = 6;

    /**
     * Whether such a state can be.
     *
     * @throws IllegalArgumentException if a count is below 0, an epoch was not heard of yet, or the value is no finite number
     */
    public BestEpoch {
        if (epochs < 0 || step < 0 || epoch < 0 || epoch > epochs || !Double.isFinite(value) || badEpochs < 0) {
            throw new IllegalArgumentException("expected counts of at least 0 and a number, found epochs " + epochs
                    + ", step " + step + ", epoch " + epoch + ", value " + value + ", bad " + badEpochs);
        }
    }

    /** {@return whether some epoch has had a number} */
    public boolean any() {
        return step > 0;
    }

    /**
     * Whether a part of what a checkpoint keeps is such a one.
     *
     * @param part what stands between two {@code ;} of a manifest's progress
     * @return whether {@link #parse} is for it
     */
    public static boolean is(String part) {
        return part.startsWith(WORD);
    }

    /**
     * Reads a text.
     *
     * @param text of {@link #text}: one that {@link #is}
     * @return the same bits
     * @throws IllegalArgumentException if its values are not what they should be
     */
    public static BestEpoch parse(String text) {
        String[] fields = text.substring(WORD.length()).split(" ", -1);
        if (!is(text) || fields.length != FIELDS || !fields[5].matches("true|false")) {
            throw new IllegalArgumentException("expected the six values of a best epoch, found '" + text + "'");
        }
        return new BestEpoch(
                Integer.parseInt(fields[0]),
                Long.parseLong(fields[1]),
                Integer.parseInt(fields[2]),
                Double.parseDouble(fields[3]),
                Integer.parseInt(fields[4]),
                Boolean.parseBoolean(fields[5]));
    }

    /** {@return all values in their order, which {@link #parse} reads back to the same bits} */
    public String text() {
        return WORD + epochs + " " + step + " " + epoch + " " + value + " " + badEpochs + " " + restored;
    }

    /**
     * The one that a checkpoint names in what it keeps of its run.
     *
     * @param progress of its manifest
     * @return empty if it names none, or the text is not one of ours
     */
    public static Optional<BestEpoch> in(String progress) {
        try {
            return Arrays.stream(progress.split(NEXT, -1))
                    .filter(BestEpoch::is)
                    .map(BestEpoch::parse)
                    .filter(BestEpoch::any)
                    .findFirst();
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // whoever resumes the run is told
        }
    }
}
