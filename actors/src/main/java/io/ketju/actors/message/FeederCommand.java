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

    /** Open the ways to the stages that read the batch; {@code replyTo} hears of that, and of any failure later. */
    record Connect(List<StageAddress> stages, ActorRef<FeederReport> replyTo) implements FeederCommand {}

    /** Send the samples of this window, after those of the windows before. */
    record FeedWindow(GrantedWindow window) implements FeederCommand {}

    /** Close the links and stop. */
    record Stop(ActorRef<FeederReport> replyTo) implements FeederCommand {}
}
