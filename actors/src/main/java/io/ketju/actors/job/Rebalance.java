package io.ketju.actors.job;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Registry;
import io.ketju.layers.spec.Spec;
import java.util.List;
import java.util.Optional;

/**
 * When a run cuts its model anew by itself: where what its stages took, in this very run, says that another cut makes its steps
 * shorter. Written {@code auto} or {@code auto(gain=0.1, steps=50, seconds=60)}. It has no part in the numbers.
 *
 * @param gain the least share of a step's time that the cut must be expected to save, above 0 and below 1
 * @param steps so many training steps are measured before the cut is looked at, at least 1
 * @param seconds at least so long lies between two cuts, and before the first, at least 0
 */
public record Rebalance(double gain, int steps, int seconds) {
    /** How a job says that there is none. */
    private static final String OFF = "off";

    private static final Entry<Rebalance> ENTRY = Description.of("auto", "Cuts the model anew by what its stages take")
            .optional("gain", 0.1, "least share of a step's time to save")
            .optional("steps", 50, "training steps that are measured")
            .optional("seconds", 60, "least time between two cuts")
            .readBy(arguments ->
                    new Rebalance(arguments.number("gain"), arguments.integer("steps"), arguments.integer("seconds")));

    private static final Registry<Rebalance> RULES = new Registry<>("rule of rebalancing", List.of(ENTRY));

    /** A tenth of the time, over 50 steps, once a minute. */
    public static final Rebalance AUTO = new Rebalance(0.1, 50, 60);

    /**
     * Whether such a rule can be.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public Rebalance {
        if (!(gain > 0 && gain < 1)) {
            throw new IllegalArgumentException("argument 'gain': expected a share above 0 and below 1, found " + gain);
        }
        if (steps < 1) {
            throw new IllegalArgumentException("argument 'steps': expected at least 1, found " + steps);
        }
        if (seconds < 0) {
            throw new IllegalArgumentException("argument 'seconds': expected at least 0, found " + seconds);
        }
    }

    /**
     * Reads a rule, or that there is none.
     *
     * @param text {@code auto}, {@code auto(...)} or {@code off}
     * @return empty: off
     * @throws IllegalArgumentException saying what is wrong
     */
    public static Optional<Rebalance> parse(String text) {
        return text.strip().equals(OFF) ? Optional.empty() : Optional.of(RULES.parse(text));
    }

    /** Its text; it reads back to an equal rule. */
    @Override
    public String toString() {
        return ENTRY.description()
                .terse(Spec.of(ENTRY.description().name())
                        .withNumber("gain", gain)
                        .with("steps", steps)
                        .with("seconds", seconds))
                .toString()
                .replaceFirst("\\(\\)$", "");
    }
}
