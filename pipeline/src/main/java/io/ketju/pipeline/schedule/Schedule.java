package io.ketju.pipeline.schedule;

import io.ketju.layers.spec.Spec;
import java.util.List;
import java.util.Optional;

/**
 * The order of work: one list of compute actions per rank, pure data. Sends follow their compute and receives are
 * messages, so neither appears. The list that is printed and tested is the list that runs.
 *
 * <p>It is asked for one plan, of the most micro-batches that a mini-batch of the job has. A mini-batch with fewer runs
 * the same plan without the actions of those that it lacks ({@link SchedulePlan#restrictedTo}).
 *
 * <p>Whoever has a schedule of his own implements {@link #name} and {@link #plan}: job files, checkpoints and other
 * processes get the plan itself.
 */
public interface Schedule {
    /** {@return its name as headers and errors show it: {@code 1F1B}, {@code Interleaved1F1B(chunks=2)}} */
    String name();

    /** {@return itself as job files name it, if they can} */
    default Optional<Spec> spec() {
        return Optional.empty();
    }

    /**
     * {@return which rank runs which stage, where the job does not say}
     *
     * @param stages at least 1
     * @throws IllegalArgumentException if the schedule cannot place so many
     */
    default Placement placement(int stages) {
        return Placement.oneEach(stages);
    }

    /**
     * {@return the lists of all ranks for one mini-batch; equal questions get equal answers}
     *
     * @param placement of the stages
     * @param microbatches of the mini-batch, at least 1
     * @throws IllegalArgumentException if the schedule has no plan for that placement
     */
    SchedulePlan plan(Placement placement, int microbatches);

    /**
     * {@return how training windows overlap, for schedules without a flush; {@link #plan} then is what ranks do in a window that no other
     * overlaps with}
     *
     * @param placement of the stages
     */
    default Optional<Overlap> overlap(Placement placement) {
        return Optional.empty();
    }

    /** {@return those that a run may take in its place between two steps, this among them: mostly no other} */
    default List<Schedule> alternatives() {
        return List.of(this);
    }

    /** {@return whether every micro-batch is an update, so that a job's mini-batches are cut into as many as they have micro-batches} */
    default boolean updatesEveryMicrobatch() {
        return false;
    }

    /**
     * {@return the most activations that a rank may hold, one for each micro-batch of each of its stages from the start of its forward to
     * the end of its last backward action; a plan that holds more is refused: what is said of a schedule's memory is checked}
     *
     * @param placement of the stages
     * @param microbatches of the largest mini-batch
     */
    default int mostInFlight(Placement placement, int microbatches) {
        return Math.multiplyExact(placement.mostOnOneRank(), microbatches);
    }
}
