package io.ketju.actors.worker;

import io.ketju.actors.message.RunTicket;
import java.util.List;
import java.util.Optional;

/**
 * What happens to a worker. A placement is one request to hold stages, by a number that never comes again: a run may
 * come twice under the same ticket.
 */
sealed interface HostingEvent {
    /** A coordinator wants these ranks held, with their stages. */
    record PlaceAsked(int placement, RunTicket ticket, List<Integer> ranks) implements HostingEvent {
        public PlaceAsked {
            ranks = List.copyOf(ranks);
        }
    }

    /**
     * The stages are built and listen.
     *
     * @param feeds whether the run's feeder is here too
     */
    record Built(int placement, boolean feeds) implements HostingEvent {
        /** It is not. */
        Built(int placement) {
            this(placement, false);
        }
    }

    /** They could not be built, and nothing is left of them. */
    record NotBuilt(int placement) implements HostingEvent {}

    /** All stages of the run are placed somewhere. */
    record ConnectAsked(RunTicket ticket) implements HostingEvent {}

    /** All ways to the neighbours are open, or one line says why one is not. */
    record LinksAnswered(int placement, Optional<String> failure) implements HostingEvent {}

    /** The run is over. */
    record ReleaseAsked(RunTicket ticket, String reason) implements HostingEvent {}

    /** Whoever asked for the placement is gone. */
    record CoordinatorLost(int placement) implements HostingEvent {}

    /** A rank neither computes nor writes nor sends any more. */
    record RankReleased(int placement, int rank) implements HostingEvent {}

    /** A rank's actor has ended. */
    record RankEnded(int placement, int rank) implements HostingEvent {}

    /** The feeder's actor has ended: nothing is fed any more. */
    record FeederEnded(int placement) implements HostingEvent {}

    /** All memory of the placement is free, or never will be before the worker ends. */
    record Freed(int placement) implements HostingEvent {}

    /** Something happened that has nothing to do with stages. */
    record Noted() implements HostingEvent {}

    /** The worker is wanted no longer: it ends when no run needs it. */
    record LeaveAsked() implements HostingEvent {}

    /** The worker has to go: whoever needs it is to do without. */
    record HandOverAsked() implements HostingEvent {}
}
