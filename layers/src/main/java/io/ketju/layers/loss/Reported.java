package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;

/**
 * A number that no window measures: whoever directs a run step by step reports it with a step, such as what the games have given that the
 * step learns from. A loss lists it among its metrics, or is given it by {@link MeasuredLoss}; then listeners and displays have it as
 * they have the others.
 *
 * @param name lower-case words joined by {@code _}
 * @param moreIsBetter whether more of it is better
 */
public record Reported(String name, boolean moreIsBetter) implements ReportedMetric {
    static final Description DESCRIPTION = Description.of(
                    "return", "What a game has given, in the mean over those that a step learns from")
            .formula("Σ rewards of a game; whoever plays reports it to the session")
            .shapes("of losses that name it, in jobs that are trained step by step")
            .source("Sutton and Barto 2018, section 3.3");

    /** The return of games. */
    public static final Reported RETURN = new Reported(DESCRIPTION.name(), true);
}
