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
    /** As headers and errors show it: {@code 1F1B}, {@code Interleaved1F1B(chunks=2)}. */
    String name();

    /** As job files name it, if they can. */
    default Optional<Spec> spec() {
        return Optional.empty();
    }

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

    /**
     * How training windows overlap, for schedules without a flush; {@link #plan} then is what ranks do in a window that no
     * other overlaps with.
     */
    default Optional<Overlap> overlap(Placement placement) {
        return Optional.empty();
    }

    /** Those that a run may take in its place between two steps, this among them: mostly no other. */
    default List<Schedule> alternatives() {
        return List.of(this);
    }

    /** Whether every micro-batch is an update, so that a job's mini-batches are cut into as many as they have micro-batches. */
    default boolean updatesEveryMicrobatch() {
        return false;
    }

    /**
     * Most activations that a rank may hold, one for each micro-batch of each of its stages from the start of its forward to
     * the end of its last backward action. A plan that holds more is refused: what is said of a schedule's memory is checked.
     */
    default int mostInFlight(Placement placement, int microbatches) {
        return Math.multiplyExact(placement.mostOnOneRank(), microbatches);
    }
}
