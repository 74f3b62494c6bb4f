package io.ketju.cluster.node;

import io.ketju.actors.message.WorkerCommand;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** What {@link WorkerGathering} is told. */
sealed interface GatheringCommand {
    /**
     * Workers are wanted again.
     *
     * @param lost where one was reached to which no way leads any more, if one was lost that way
     */
    record FindAgain(Optional<String> lost) implements GatheringCommand {}

    /** One of the run's workers is about to go. */
    record Replace(ActorRef<WorkerCommand> leaving) implements GatheringCommand {}

    /** All that are in the cluster. */
    record WorkersListed(Iterable<ActorRef<WorkerCommand>> workers) implements GatheringCommand {}

    /** Of those whose end is told as soon as it happens. */
    record ProcessEnded(long pid) implements GatheringCommand {}

    /** Something has been waited for long enough. */
    enum Timer implements GatheringCommand {
        /** Nobody waits for workers any longer. */
        JOIN,
        /** Nobody waits for a process in place of another any longer, where others are there. */
        REPLACEMENT,
        /** A worker that was lost may have turned out to be alive. */
        SUSPICION
    }
}
