package io.ketju.cluster.node;

import io.ketju.actors.checkpoint.DriverNote;
import io.ketju.actors.message.StandbyCommand;
import io.ketju.actors.message.StandbyReport;
import io.ketju.actors.piece.PieceLink;
import io.ketju.cluster.link.SocketTransport;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;

/** What a driver says to those who stand by, and what it sees of them. Thread-safe. */
final class StandbyCalls implements RemoteFollower.Driver {
    private final ActorSystem<?> system;
    private final SocketTransport transport;
    private final String holder;
    private final ActorRef<StandbyReport> director;
    private volatile List<String> copying = List.of();

    /**
     * @param transport by which parcels leave
     * @param holder what the lock in the run's folder says
     * @param director hears what they answer
     */
    StandbyCalls(ActorSystem<?> system, SocketTransport transport, String holder, ActorRef<StandbyReport> director) {
        this.system = system;
        this.transport = transport;
        this.holder = holder;
        this.director = director;
    }

    /** Where those are reached who keep copies, for all to know with the next question; whether that is news. */
    boolean copying(List<String> nodes) {
        boolean news = !nodes.equals(copying);
        copying = List.copyOf(nodes);
        return news;
    }

    @Override
    public void ask(ActorRef<StandbyCommand> standby, long way) {
        standby.tell(new StandbyCommand.Follow(way, holder, copying, director));
    }

    @Override
    public void tellEnd(ActorRef<StandbyCommand> standby, long way, DriverNote.End end) {
        standby.tell(new StandbyCommand.Ended(way, end, director));
    }

    @Override
    public CompletableFuture<PieceLink> open(long way, InetSocketAddress to) {
        return transport.toCopy(way, to);
    }

    @Override
    public boolean isMember(String node) {
        return ClusterMembership.isMember(system, node);
    }

    @Override
    public boolean isUp() {
        return ClusterMembership.isUp(system);
    }
}
