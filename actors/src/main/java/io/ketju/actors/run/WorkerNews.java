package io.ketju.actors.run;

import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.message.WorkerCommand;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** What a run hears of its workers, apart from what they say themselves. */
public sealed interface WorkerNews {
    /** Of those that a start needs before it can begin. */
    sealed interface OfSearch extends WorkerNews {}

    /**
     * They are not all there yet: the listeners are told.
     *
     * @param event what they are told
     */
    record Awaited(TrainingEvent.WaitingForWorkers event) implements OfSearch {}

    /**
     * They are there: the run begins.
     *
     * @param workers in the order in which they get stages
     */
    record Found(List<ActorRef<WorkerCommand>> workers) implements OfSearch {
        /** Copies the list. */
        public Found {
            workers = List.copyOf(workers);
        }
    }

    /**
     * These there are for a run that goes on meanwhile: it asked for others.
     *
     * @param workers those that it has first; fewer than it asked for if there are no more
     */
    record Offered(List<ActorRef<WorkerCommand>> workers) implements WorkerNews {
        /** Copies the list. */
        public Offered {
            workers = List.copyOf(workers);
        }
    }

    /**
     * One that holds stages is about to go: the run is to take them elsewhere.
     *
     * @param worker that goes
     */
    record Leaving(ActorRef<WorkerCommand> worker) implements WorkerNews {}

    /**
     * These there are for a run that a worker leaves, which goes on meanwhile.
     *
     * @param workers without those that leave; the run may have some of them already
     */
    record Instead(List<ActorRef<WorkerCommand>> workers) implements WorkerNews {
        /** Copies the list. */
        public Instead {
            workers = List.copyOf(workers);
        }
    }

    /**
     * These there are for a run that has gone on with fewer workers than it is to have: some have come in the place of lost ones.
     *
     * @param workers those that it has among them, unless they were lost since
     */
    record Joined(List<ActorRef<WorkerCommand>> workers) implements WorkerNews {
        /** Copies the list. */
        public Joined {
            workers = List.copyOf(workers);
        }
    }

    /**
     * There will be no run, for want of workers.
     *
     * @param failure what whoever waits for the run gets thrown
     */
    record Missing(RuntimeException failure) implements OfSearch {}

    /**
     * The process of a worker ended before there was a run for it.
     *
     * @param line what is known of it
     */
    record EndedEarly(String line) implements OfSearch {}

    /**
     * One of those that were found is gone.
     *
     * @param worker that is gone
     */
    record Lost(ActorRef<WorkerCommand> worker) implements OfSearch {}
}
