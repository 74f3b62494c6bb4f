package io.ketju.pipeline.schedule;

import java.util.List;

/**
 * The order of work: one list of compute actions per stage, pure data. Sends follow their compute and receives are
 * messages, so neither appears. The list that is printed and tested is the list that runs.
 */
public interface Schedule {
    /** Name as in job files and on the command line: {@code 1F1B}, {@code GPipe}. */
    String name();

    /** All actions of one stage for one mini-batch of {@code microbatches} (at least 1), in order. */
    List<Action> actions(int stage, int stages, int microbatches);
}
