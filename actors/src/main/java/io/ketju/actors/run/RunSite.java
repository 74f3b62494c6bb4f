package io.ketju.actors.run;

import io.ketju.actors.coordinator.Coordinator;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.RunFailure;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.transport.StageTransport;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Where the stages of a run are held, and how this JVM, which directs them and may feed them, reaches them: the one thing about a
 * run that a cluster changes. Opened for one run; closed when the run's actors have ended.
 */
public interface RunSite extends AutoCloseable {
    /** How the run's feeder reaches the stages. */
    StageTransport transport();

    /** Starts the actor system of the run, with this behavior at its top. */
    <T> ActorSystem<T> start(Behavior<T> guardian);

    /** Where this JVM is reached once that system runs, {@code host:port}; empty: nowhere, and nobody can stand by. */
    default Optional<String> address() {
        return Optional.empty();
    }

    /**
     * Ends that system once the run has ended, and waits until its last thread is done.
     *
     * @param lost where the worker was reached ({@code host:port}) whose loss ended the run, if that did
     */
    void end(ActorSystem<?> system, Optional<String> lost);

    /**
     * Has the run's workers found, by children of the actor that asks. Returns them if they are known at once; if not,
     * returns none, and the news tell of them.
     */
    List<ActorRef<WorkerCommand>> findWorkers(ActorContext<?> context, ActorRef<WorkerNews> news);

    /** Whether a run can go on here by itself: workers that are lost may be followed by others. */
    default boolean recovers() {
        return false;
    }

    /**
     * Has workers found once more, for a run that lost some: those that are left, and such as come in their place. The news tell of
     * them.
     *
     * @param lost where the worker was reached ({@code host:port}) to which no way leads any more, if it was that
     */
    default void findWorkersAgain(Optional<String> lost) {
        throw new UnsupportedOperationException("this site has the workers that it has");
    }

    /**
     * Has the news tell of workers for a run that goes on meanwhile, and that is to have so many from now on: of those that it has
     * first, and of fewer if there are no more.
     */
    default void offerWorkers(
            ActorContext<?> context, List<ActorRef<WorkerCommand>> have, int count, ActorRef<WorkerNews> news) {
        throw new UnsupportedOperationException("this site has the workers that it has");
    }

    /**
     * A worker of a run that goes on meanwhile is about to go, and is given to it no more. The news tell of those that it can have
     * from now on ({@link WorkerNews.Instead}), as soon as they are known; of none if there are none.
     */
    default void replaceLeaving(ActorRef<WorkerCommand> worker) {
        throw new UnsupportedOperationException("this site has the workers that it has");
    }

    /** What people call a worker. */
    default String name(ActorRef<WorkerCommand> worker) {
        return "worker " + Coordinator.addressOf(worker);
    }

    /** Throws {@link io.ketju.actors.job.InvalidJobException} if what holds the stages here, and here alone, has no room for the job. */
    default void requireRoom(TrainingJob job) {}

    /** One line about a lost worker, with whatever is known of it here. May wait for a moment to learn more. */
    String describe(RunFailure.WorkerLost lost);

    /** Frees what the run used besides its actors. */
    @Override
    void close();
}
