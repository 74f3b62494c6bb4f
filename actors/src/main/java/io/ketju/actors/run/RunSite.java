package io.ketju.actors.run;

import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.coordinator.Coordinator;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.RunFailure;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.standby.StandbyRegistry;
import io.ketju.actors.transport.StageTransport;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Where the stages of a run are held, and how this JVM, which directs them and may feed them, reaches them: the one thing about a
 * run that a cluster changes. Opened for one run; closed when the run's actors have ended.
 */
public interface RunSite extends AutoCloseable {
    /** {@return how the run's feeder reaches the stages; stays the site's} */
    StageTransport transport();

    /**
     * {@return the actor system of the run, started; ended by {@link #end}}
     *
     * @param <T> what its top understands
     * @param guardian the behavior at its top
     */
    <T> ActorSystem<T> start(Behavior<T> guardian);

    /** {@return where this JVM is reached once that system runs, {@code host:port}; empty: nowhere, and nobody can stand by} */
    default Optional<String> address() {
        return Optional.empty();
    }

    /**
     * A run that is kept in a folder.
     *
     * @param directory its folder, held
     * @param job as it begins
     * @param copies who keeps copies of the folder
     * @param superseded told in one line when somebody has taken the run over from a copy
     */
    record KeptRun(RunDirectory directory, TrainingJob job, StandbyRegistry copies, Consumer<String> superseded) {}

    /**
     * Has those who stand by for a run, and do not reach its folder, keep copies of it from now on. That system runs.
     *
     * @param run whose folder it is
     */
    default void standBy(KeptRun run) {}

    /**
     * Ends that system once the run has ended, and waits until its last thread is done.
     *
     * @param system what {@link #start} gave
     * @param lost where the worker was reached ({@code host:port}) whose loss ended the run, if that did
     */
    void end(ActorSystem<?> system, Optional<String> lost);

    /**
     * Has the run's workers found.
     *
     * @param context of the actor that asks: its children do it
     * @param news hears of workers, now and for as long as the run goes on
     * @return the workers if they are known at once; if not, none, and the news tell of them
     */
    List<ActorRef<WorkerCommand>> findWorkers(ActorContext<?> context, ActorRef<WorkerNews> news);

    /** {@return whether a run can go on here by itself: workers that are lost may be followed by others} */
    default boolean recovers() {
        return false;
    }

    /**
     * Has workers found once more, for a run that lost some: those that are left, and such as come in their place. The news tell of
     * them.
     *
     * @param lost where the worker was reached ({@code host:port}) to which no way leads any more, if it was that
     * @throws UnsupportedOperationException if this site does not {@link #recovers}
     */
    default void findWorkersAgain(Optional<String> lost) {
        throw new UnsupportedOperationException("this site has the workers that it has");
    }

    /**
     * Has the news tell of workers for a run that goes on meanwhile, and that is to have another number of them from now on: of those that
     * it has first, and of fewer than wanted if there are no more ({@link WorkerNews.Offered}).
     *
     * @param context of the actor that asks: its children look for them
     * @param have the run's workers now
     * @param count how many it is to have, at least 1
     * @param news hears of them
     * @throws UnsupportedOperationException if this site does not {@link #recovers}
     */
    default void offerWorkers(
            ActorContext<?> context, List<ActorRef<WorkerCommand>> have, int count, ActorRef<WorkerNews> news) {
        throw new UnsupportedOperationException("this site has the workers that it has");
    }

    /**
     * A worker of a run that goes on meanwhile is about to go, and is given to it no more. The news tell of those that it can have
     * from now on ({@link WorkerNews.Instead}), as soon as they are known; of none if there are none.
     *
     * @param worker the one that leaves
     * @throws UnsupportedOperationException if this site does not {@link #recovers}
     */
    default void replaceLeaving(ActorRef<WorkerCommand> worker) {
        throw new UnsupportedOperationException("this site has the workers that it has");
    }

    /**
     * {@return what people call a worker}
     *
     * @param worker of the run, or that was one
     */
    default String name(ActorRef<WorkerCommand> worker) {
        return "worker " + Coordinator.addressOf(worker);
    }

    /**
     * Looks whether what holds the stages here, and here alone, has room for a job; workers elsewhere look for themselves.
     *
     * @param job that the run is to go on with
     * @throws io.ketju.actors.job.InvalidJobException if it has not
     */
    default void requireRoom(TrainingJob job) {}

    /**
     * {@return one line about a lost worker, with whatever is known of it here} May wait for a moment to learn more.
     *
     * @param lost what the run knows
     */
    String describe(RunFailure.WorkerLost lost);

    /** Frees what the run used besides its actors. */
    @Override
    void close();
}
