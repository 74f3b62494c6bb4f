package io.ketju.pipeline.schedule;

/**
 * The order of work: one list of compute actions per rank, pure data. Sends follow their compute and receives are
 * messages, so neither appears. The list that is printed and tested is the list that runs.
 *
 * <p>It is asked for one plan, of the most micro-batches that a mini-batch of the job has. A mini-batch with fewer runs
 * the same plan without the actions of those that it lacks ({@link SchedulePlan#restrictedTo}).
 */
public interface Schedule {
    /** Name as in job files and on the command line: {@code 1F1B}, {@code GPipe}. */
    String name();

    /**
     * Which rank runs which of so many stages, where the job does not say; throws {@link IllegalArgumentException} if the
     * schedule cannot place so many.
     */
    default Placement placement(int stages) {
        return Placement.oneEach(stages);
    }

    /**
     * The lists of all ranks for one mini-batch of {@code microbatches} (at least 1). Equal questions get equal answers.
     * Throws {@link IllegalArgumentException} if the schedule has no plan for that placement.
     */
    SchedulePlan plan(Placement placement, int microbatches);
}
