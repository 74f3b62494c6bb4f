package io.ketju.actors.run;

import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.WorkerCommand;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** A wish for other stages of a run, or for other workers, from when the run hears it until its stages stand by it. */
final class Repartitioning {
    /**
     * What a run trains, over whom.
     *
     * @param workers those that it may have; empty: those that it has
     */
    record Shape(TrainingJob job, List<ActorRef<WorkerCommand>> workers) {
        Shape {
            workers = List.copyOf(workers);
        }

        private boolean is(Shape other) {
            return job.pipeline().partition().equals(other.job().pipeline().partition())
                    && (workers.isEmpty() || workers.size() == other.workers().size());
        }
    }

    private final Shape next;
    private final String cause;
    private final CompletableFuture<TrainingEvent.Repartitioned> answer;
    private @Nullable Shape before;

    /**
     * @param next what the run is to go on with
     * @param cause one line: who wants it, or what was measured
     * @param answer completed when the run goes on with it, or when it does not
     */
    Repartitioning(Shape next, String cause, CompletableFuture<TrainingEvent.Repartitioned> answer) {
        this.next = next;
        this.cause = cause;
        this.answer = answer;
    }

    /** The workers stay. */
    Repartitioning(TrainingJob next, String cause, CompletableFuture<TrainingEvent.Repartitioned> answer) {
        this(new Shape(next, List.of()), cause, answer);
    }

    Shape next() {
        return next;
    }

    String cause() {
        return cause;
    }

    /** Why a run of this shape has nothing to do for it, if that is so. */
    Optional<String> refusal(Shape now) {
        return next.is(now)
                ? Optional.of("expected another cut than the run has, found stage-bounds "
                        + now.job().pipeline().partition().bounds() + " again")
                : Optional.empty();
    }

    /** The run has paused for it, which had this shape until now. */
    void begin(Shape now) {
        before = now;
    }

    /** What the run was before it paused for this; empty: it has not yet. */
    Optional<Shape> before() {
        return Optional.ofNullable(before);
    }

    /** The run goes on with it. */
    void done(TrainingEvent.Repartitioned told) {
        answer.complete(told);
    }

    /** The run goes on without. */
    void refuse(String line) {
        answer.completeExceptionally(new IllegalStateException("repartition: " + line));
    }
}
