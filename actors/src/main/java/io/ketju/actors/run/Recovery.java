package io.ketju.actors.run;

import io.ketju.actors.message.WorkerCommand;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;

/** A run between two starts: what has to be there before the next begins. */
final class Recovery {
    /** Why there is another start. */
    enum Kind {
        /** Workers were lost. */
        LOSS,
        /** The stages take another shape. */
        MOVE,
        /** They cannot, and take the shape again that they had. */
        RETURN,
        /** A worker is about to go, and others take its stages. */
        HAND_OVER,
        /** Workers have come in the place of lost ones, and take stages. */
        FILL
    }

    private final Kind kind;
    private final CompletableFuture<String> cause;
    private final String knownCause;
    /** Actors of the start before, as long as they live: its manifest writer might still commit something. */
    private final Set<ActorRef<?>> leaving;

    private boolean prepared;
    private List<ActorRef<WorkerCommand>> workers = List.of();

    /**
     * @param knownCause why the start before ended, one line
     * @param cause the same as soon as more is known
     * @param leaving what is left of it
     */
    Recovery(String knownCause, CompletableFuture<String> cause, Collection<ActorRef<?>> leaving) {
        this(Kind.LOSS, knownCause, cause, leaving);
    }

    private Recovery(Kind kind, String knownCause, CompletableFuture<String> cause, Collection<ActorRef<?>> leaving) {
        this.kind = kind;
        this.knownCause = knownCause;
        this.cause = cause;
        this.leaving = new HashSet<>(leaving);
    }

    /** Nothing was lost: the workers are those that there are; none where they have to be found. */
    static Recovery to(
            Kind kind, String cause, List<ActorRef<WorkerCommand>> workers, Collection<ActorRef<?>> leaving) {
        Recovery planned = new Recovery(kind, cause, CompletableFuture.completedFuture(cause), leaving);
        planned.found(workers);
        return planned;
    }

    Kind kind() {
        return kind;
    }

    String cause() {
        return cause.isCompletedExceptionally() ? knownCause : cause.getNow(knownCause);
    }

    /** An actor has ended; says whether it was the last of the start before. */
    boolean left(ActorRef<?> actor) {
        return leaving.remove(actor) && leaving.isEmpty();
    }

    /** The next start has a place to begin from. */
    void prepare() {
        prepared = true;
    }

    boolean prepared() {
        return prepared;
    }

    void found(List<ActorRef<WorkerCommand>> found) {
        workers = List.copyOf(found);
    }

    /** More have come meanwhile than were found, if some were. */
    void joined(List<ActorRef<WorkerCommand>> all) {
        if (!workers.isEmpty()) {
            found(all);
        }
    }

    /** Those that were found are not all there any more; says whether it was one of them. */
    boolean lost(ActorRef<WorkerCommand> worker) {
        boolean one = workers.contains(worker);
        if (one) {
            workers = List.of();
        }
        return one;
    }

    List<ActorRef<WorkerCommand>> workers() {
        return workers;
    }

    /** Whether the next start can begin. */
    boolean ready() {
        return prepared && !workers.isEmpty();
    }
}
