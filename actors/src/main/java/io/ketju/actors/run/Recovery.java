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
        this.knownCause = knownCause;
        this.cause = cause;
        this.leaving = new HashSet<>(leaving);
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
