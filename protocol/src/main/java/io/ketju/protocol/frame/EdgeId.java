package io.ketju.protocol.frame;

import java.util.Locale;

/**
 * One direction between two stages of one incarnation of one job: what a connection is for. A connection carries one
 * edge, and every frame repeats it.
 *
 * @param job the job's number, 64 opaque bits
 * @param configHash hash of the job's configuration, 64 opaque bits: two nodes that disagree must not talk
 * @param incarnation the fencing number of the run's current start, 0 or more
 * @param fromStage the sender, from 0; {@link #FEEDER} for the batch feeder
 * @param toStage the receiver, likewise
 * @param kind what travels
 */
public record EdgeId(long job, long configHash, int incarnation, int fromStage, int toStage, TensorKind kind) {
    /** The stage number of the batch feeder. */
    public static final int FEEDER = -1;

    /** Stands in a header whose sender does not know the edge yet: in the refusal of bytes that name none. */
    public static final EdgeId NONE = new EdgeId(0, 0, 0, FEEDER, FEEDER, TensorKind.FED);

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if the incarnation is below 0, or a stage is outside {@link #FEEDER} to 32767
     */
    public EdgeId {
        if (incarnation < 0) {
            throw new IllegalArgumentException("incarnation is 0 or more, got " + incarnation);
        }
        requireStage("from stage", fromStage);
        requireStage("to stage", toStage);
    }

    private static void requireStage(String name, int stage) {
        if (stage < FEEDER || stage > Short.MAX_VALUE) {
            throw new IllegalArgumentException(name + " is " + FEEDER + " to " + Short.MAX_VALUE + ", got " + stage);
        }
    }

    /** As errors print it: {@code activation 0->1 (job 2a, config 91f3, incarnation 1)}. */
    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + " " + stage(fromStage) + "->" + stage(toStage) + " (job "
                + Long.toHexString(job) + ", config " + Long.toHexString(configHash) + ", incarnation " + incarnation
                + ")";
    }

    private static String stage(int stage) {
        return stage == FEEDER ? "feeder" : Integer.toString(stage);
    }
}
