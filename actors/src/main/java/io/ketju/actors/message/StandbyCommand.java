package io.ketju.actors.message;

import io.ketju.actors.checkpoint.DriverNote;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** What a process that stands by for a run understands. */
public sealed interface StandbyCommand {
    /** What it says to itself. */
    non-sealed interface Internal extends StandbyCommand {}

    /** What who directs the run says. */
    sealed interface OfDirector extends StandbyCommand {
        /** {@return number of the way between the two, which answers repeat} */
        long way();

        /** {@return who directs the run} */
        ActorRef<StandbyReport> director();
    }

    /**
     * Somebody directs the run. Comes again until it is answered, and whenever something of it changes.
     *
     * @param way of the files that come, if the folder is not the same; another number is another way in its place
     * @param holder what the lock in the run's folder says
     * @param copying where those are reached ({@code host:port}) who are known to keep a copy of their own, and do not share the folder
     * @param director who directs the run
     */
    record Follow(long way, String holder, List<String> copying, ActorRef<StandbyReport> director)
            implements OfDirector {
        /** Copies the list. */
        public Follow {
            copying = List.copyOf(copying);
        }
    }

    /**
     * It leaves the run.
     *
     * @param way of its files
     * @param end how it does
     * @param director who has directed the run
     */
    record Ended(long way, DriverNote.End end, ActorRef<StandbyReport> director) implements OfDirector {}
}
