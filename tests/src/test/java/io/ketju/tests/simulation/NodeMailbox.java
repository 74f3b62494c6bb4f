package io.ketju.tests.simulation;

import com.typesafe.config.Config;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.dispatch.Envelope;
import org.apache.pekko.dispatch.MailboxType;
import org.apache.pekko.dispatch.MessageQueue;
import org.apache.pekko.dispatch.ProducesMessageQueue;
import org.apache.pekko.dispatch.UnboundedMessageQueueSemantics;
import scala.Option;

/** The mailbox of every actor: what another node sends comes by the {@link Network}, in the order of each two nodes. */
public final class NodeMailbox implements MailboxType, ProducesMessageQueue<MessageQueue> {
    private final String world;

    public NodeMailbox(ActorSystem.Settings settings, Config own) {
        world = settings.config().getString("ketju.simulation.world");
    }

    @Override
    public MessageQueue create(Option<ActorRef> owner, Option<ActorSystem> system) {
        World found = World.of(world);
        return new Queue(
                found,
                owner.isEmpty() ? found.nowhere : found.nodeOf(owner.get().path()));
    }

    private static final class Queue implements MessageQueue, UnboundedMessageQueueSemantics {
        private final Deque<Envelope> messages = new ArrayDeque<>();
        private final World world;
        private final Node node;

        Queue(World world, Node node) {
            this.world = world;
            this.node = node;
        }

        /** A message that comes from elsewhere is sent once more when it has arrived, by the node itself. */
        @Override
        public synchronized void enqueue(ActorRef receiver, Envelope message) {
            Node from = world.current();
            boolean here = from == node || from == world.nowhere || node == world.nowhere;
            if (here && arriving(message)) {
                messages.add(message);
                return;
            }
            for (Object each : world.messageFaults().of(message.message())) {
                if (here) {
                    messages.add(Envelope.apply(each, message.sender()));
                } else {
                    world.network()
                            .control(
                                    from,
                                    node,
                                    () -> world.arriving(each, () -> receiver.tell(each, message.sender())));
                }
            }
        }

        /** Whether it was sent by another node: what a bug does to it has been done. */
        private boolean arriving(Envelope message) {
            return world.isArriving(message.message());
        }

        @Override
        public synchronized Envelope dequeue() {
            Envelope message = messages.poll();
            if (message != null && node != world.nowhere) {
                world.taken(node, message.message());
            }
            return message;
        }

        @Override
        public synchronized int numberOfMessages() {
            return messages.size();
        }

        @Override
        public synchronized boolean hasMessages() {
            return !messages.isEmpty();
        }

        @Override
        public void cleanUp(ActorRef owner, MessageQueue deadLetters) {
            messages.clear();
        }
    }
}
