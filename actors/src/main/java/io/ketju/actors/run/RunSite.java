package io.ketju.actors.run;

import io.ketju.actors.message.RunFailure;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.transport.StageTransport;
import java.util.List;
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

    /** Ends that system once the run has ended, and waits until its last thread is done. */
    void end(ActorSystem<?> system);

    /**
     * Has the run's workers found, by children of the actor that asks. Returns them if they are known at once; if not,
     * returns none, and the news tell of them.
     */
    List<ActorRef<WorkerCommand>> findWorkers(ActorContext<?> context, ActorRef<WorkerNews> news);

    /** One line about a lost worker, with whatever is known of it here. May wait for a moment to learn more. */
    String describe(RunFailure.WorkerLost lost);

    /** Frees what the run used besides its actors. */
    @Override
    void close();
}
