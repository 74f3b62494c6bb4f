package io.ketju.pipeline.partition;

/** What a stage may have, for instance by the memory of whoever runs it. */
@FunctionalInterface
public interface StageLimit {
    /** Anything. */
    StageLimit NONE = (stage, from, to) -> true;

    /** Whether this stage may have the layers from one position to another, the second excluded. */
    boolean holds(int stage, int from, int to);
}
