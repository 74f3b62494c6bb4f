package io.ketju.pipeline.trace;

import io.ketju.pipeline.stage.StageMemory;
import java.util.List;

/**
 * What a rank holds, and what it sent while it was watched.
 *
 * @param nanos for how long it was, up to now
 * @param sent in that time, a sum for each pair of stages
 * @param held by its stages now
 */
public record RankLoad(long nanos, List<LinkBytes> sent, List<StageMemory> held) {
    /** Pairs of stages that are told of, at most: of others nothing is known. */
    public static final int MOST_LINKS = 64;

    /** Stages that are told of, at most: of others nothing is known. */
    public static final int MOST_STAGES = 32;

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if it tells of more than the most
     */
    public RankLoad {
        sent = List.copyOf(sent);
        held = List.copyOf(held);
        if (sent.size() > MOST_LINKS || held.size() > MOST_STAGES) {
            throw new IllegalArgumentException("expected at most " + MOST_LINKS + " links and " + MOST_STAGES
                    + " stages, found " + sent.size() + " links and " + held.size() + " stages");
        }
    }
}
