package io.ketju.pipeline.partition;

/** What a stage may have, for instance by the memory of whoever runs it. */
@FunctionalInterface
public interface StageLimit {
    /** Anything. */
    StageLimit NONE = (stage, from, to) -> true;

    /**
     * {@return whether a stage may have some layers}
     *
     * @param stage from 0
     * @param from position of the first layer
     * @param to position behind the last
     */
    boolean holds(int stage, int from, int to);
}
