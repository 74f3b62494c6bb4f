package io.ketju.actors.coordinator;

import io.ketju.actors.message.Assignment;
import io.ketju.actors.message.WorkerCommand;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** The newest copies in the memory of workers that a run can go back to. It goes with the run from one start to the next. Thread-safe. */
public final class RunCopies {
    /**
     * Copies of all stages after the same step, each on its own worker and on the next one.
     *
     * @param incarnation of the start that took them
     * @param step after which they were taken, from 1
     * @param progress what the run's windows had heard until then, as a manifest has it
     * @param assignment which worker had which stages
     * @param workers of that start, in the order of the assignment
     */
    public record Round(
            int incarnation, long step, String progress, Assignment assignment, List<ActorRef<WorkerCommand>> workers) {
        /** Copies the list. */
        public Round {
            workers = List.copyOf(workers);
        }
    }

    private final AtomicReference<@Nullable Round> newest = new AtomicReference<>();

    /** None yet. */
    public RunCopies() {}

    /** A round is whole. */
    void complete(Round round) {
        newest.set(round);
    }

    /** {@return the last round that was whole, once: its copies are gone when the next start has its stages} Empty if there was none. */
    public Optional<Round> take() {
        return Optional.ofNullable(newest.getAndSet(null));
    }
}
