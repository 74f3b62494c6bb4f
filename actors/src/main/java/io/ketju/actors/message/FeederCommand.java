package io.ketju.actors.message;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What a batch feeder understands, wherever it is. A feeder is an actor of one start of one run: nothing of another start knows
 * its address.
 */
public sealed interface FeederCommand {
    /** What only the feeder sends to itself; it holds these messages. */
    non-sealed interface Internal extends FeederCommand {}

    /**
     * Open the ways to the stages that read the batch.
     *
     * @param stages all of the run, ascending
     * @param replyTo hears when the ways are open, and of any failure from now on
     */
    record Connect(List<StageAddress> stages, ActorRef<FeederReport> replyTo) implements FeederCommand {}

    /**
     * Send the samples of a window, after those of the windows before.
     *
     * @param window with the index of its mini-batch, of which the feeder makes the samples
     */
    record FeedWindow(GrantedWindow window) implements FeederCommand {}

    /**
     * Send the samples of several windows: the same as a {@link FeedWindow} for each, in this order, in one message.
     *
     * @param windows with the indices of their mini-batches
     */
    record FeedWindows(List<GrantedWindow> windows) implements FeederCommand {
        /** Copies the list. */
        public FeedWindows {
            windows = List.copyOf(windows);
        }
    }

    /**
     * Close the links and stop.
     *
     * @param replyTo hears {@link FeederReport.Stopped}, and all else from now on
     */
    record Stop(ActorRef<FeederReport> replyTo) implements FeederCommand {}
}
