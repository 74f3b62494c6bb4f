package io.ketju.benchmarks.measure;

import java.time.Duration;

/**
 * How long a benchmark takes, and by which clock.
 *
 * @param warm each contestant's least time before anything counts, for the compiler
 * @param rounds rounds whose median counts
 * @param turn one contestant's time in a round
 * @param clock what rates are divided by
 */
public record Effort(Duration warm, int rounds, Duration turn, Clock clock) {
    /** For tables worth writing down. */
    public static final Effort FULL = new Effort(Duration.ofSeconds(10), 7, Duration.ofMillis(150), Clock.WALL);

    /** For a look. */
    public static final Effort QUICK = new Effort(Duration.ofSeconds(2), 3, Duration.ofMillis(50), Clock.WALL);

    /** The same with turns this many times as long. */
    public Effort withLongerTurns(int factor) {
        return new Effort(warm, rounds, turn.multipliedBy(factor), clock);
    }

    /** The same with the time before split among contests. */
    public Effort withWarmthFor(int contests) {
        return new Effort(warm.dividedBy(contests), rounds, turn, clock);
    }

    /** The same with other numbers of what counts and what does not. */
    public Effort with(Duration otherWarmth, int otherRounds) {
        return new Effort(otherWarmth, otherRounds, turn, clock);
    }

    /** The same by another clock; the JDK's processor clock ticks in hundredths of a second and needs longer turns. */
    public Effort with(Clock other) {
        Effort effort = new Effort(warm, rounds, turn, other);
        return other == Clock.CPU ? effort.withLongerTurns(4) : effort;
    }

    /** The line under a table that says how it came about. */
    public String note() {
        return rounds + " rounds in turns, medians, " + clock + " clock; spread: distance of the quartiles / median.";
    }
}
