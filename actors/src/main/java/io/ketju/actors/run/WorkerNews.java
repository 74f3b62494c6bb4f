package io.ketju.actors.run;

import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.message.WorkerCommand;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** What a run hears of its workers, apart from what they say themselves. */
public sealed interface WorkerNews {
    /** They are not all there yet: the listeners are told. */
    record Awaited(TrainingEvent.WaitingForWorkers event) implements WorkerNews {}

    /** They are there: the run begins. */
    record Found(List<ActorRef<WorkerCommand>> workers) implements WorkerNews {
        public Found {
            workers = List.copyOf(workers);
        }
    }

    /** These there are for a run that goes on meanwhile: it asked for others. */
    record Offered(List<ActorRef<WorkerCommand>> workers) implements WorkerNews {
        public Offered {
            workers = List.copyOf(workers);
        }
    }

    /** There will be no run, for want of workers. */
    record Missing(RuntimeException failure) implements WorkerNews {}

    /**
     * The process of a worker ended before there was a run for it.
     *
     * @param line what is known of it
     */
    record EndedEarly(String line) implements WorkerNews {}

    /** One of those that were found is gone. */
    record Lost(ActorRef<WorkerCommand> worker) implements WorkerNews {}
}
