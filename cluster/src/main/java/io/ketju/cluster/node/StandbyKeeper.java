package io.ketju.cluster.node;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.message.StandbyCommand;
import io.ketju.actors.message.StandbyReport;
import io.ketju.actors.piece.BrokenFileException;
import io.ketju.actors.piece.PieceNews;
import io.ketju.actors.standby.Parcel;
import io.ketju.cluster.link.ParcelArrivals;
import io.ketju.cluster.link.SocketTransport;
import io.ketju.data.file.FileErrors;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import org.jspecify.annotations.Nullable;

/**
 * Hears of the drivers of a run for which this process stands by: says whether the folder here is theirs, and if not, takes what they send
 * into a copy of it. One driver is followed at a time, as long as it is in the cluster. On a dispatcher that may block.
 */
final class StandbyKeeper extends AbstractMatchingBehavior<StandbyCommand> {
    /** Something has come; what it is lies in the queue of its way. */
    private record PieceCame(ParcelArrivals way) implements StandbyCommand.Internal {}

    private final KeptCopy copy;
    private final Supplier<SocketTransport> transport;
    private final Set<Long> oldWays = new HashSet<>();
    private long way;
    private @Nullable ParcelArrivals arrivals;
    private @Nullable ActorRef<StandbyReport> director;
    private long parcels;

    /**
     * @param transport where parcels come, opened when the first are to
     * @param key by which drivers of the run find it
     */
    static Behavior<StandbyCommand> create(
            KeptCopy copy, Supplier<SocketTransport> transport, ServiceKey<StandbyCommand> key) {
        return Behaviors.setup(context -> {
            context.getSystem().receptionist().tell(Receptionist.register(key, context.getSelf()));
            return new StandbyKeeper(context, copy, transport);
        });
    }

    private StandbyKeeper(ActorContext<StandbyCommand> context, KeptCopy copy, Supplier<SocketTransport> transport) {
        super(context);
        this.copy = copy;
        this.transport = transport;
    }

    @Override
    public Behavior<StandbyCommand> onMessage(StandbyCommand command) {
        switch (command) {
            case StandbyCommand.OfDirector of -> onDirector(of);
            case StandbyCommand.Internal own -> onPiece(((PieceCame) own).way());
        }
        return this;
    }

    @Override
    public Behavior<StandbyCommand> onSignal(Signal signal) {
        if (signal instanceof PostStop) {
            endWay();
            if (director != null && copy.takenOver().isEmpty()) {
                director.tell(new StandbyReport.Left(way));
            }
        }
        return this;
    }

    private void onDirector(StandbyCommand.OfDirector command) {
        String from = ClusterMembership.hostPort(command.director().path().address());
        if (!ClusterMembership.isMember(getContext().getSystem(), from, NodeSystem.COORDINATOR)) {
            return; // it asks again
        }
        Optional<Integer> start = copy.takenOver();
        if (start.isPresent()) {
            command.director().tell(new StandbyReport.TakenOver(command.way(), start.get()));
            return;
        }
        if (copy.retired()) {
            return;
        }
        switch (command) {
            case StandbyCommand.Follow follow -> onFollow(follow, from);
            case StandbyCommand.Ended ended -> {
                copy.ended(from, ended.end());
                ended.director().tell(new StandbyReport.EndHeard(ended.way()));
            }
        }
    }

    private void onFollow(StandbyCommand.Follow follow, String from) {
        if (followsAnother(from)) {
            return;
        }
        try {
            if (copy.isSameFolder(follow)) {
                follow.director().tell(new StandbyReport.SharesFolder(follow.way()));
                return;
            }
            copy.followed(from, follow.copying());
            if (!oldWays.contains(follow.way())) {
                follow.director()
                        .tell(new StandbyReport.Ready(
                                follow.way(), onWay(follow).address().orElseThrow()));
            }
        } catch (IOException | InvalidJobException e) {
            String cause = e instanceof IOException io ? FileErrors.reason(io) : String.valueOf(e.getMessage());
            getContext().getLog().warn("no copy of the run is kept here: {}", cause);
            follow.director().tell(new StandbyReport.Refused(follow.way(), cause));
        }
    }

    private boolean followsAnother(String from) {
        return copy.view()
                .map(KeptCopy.View::driver)
                .filter(driver -> !driver.equals(from)
                        && ClusterMembership.isMember(getContext().getSystem(), driver))
                .isPresent();
    }

    private SocketTransport onWay(StandbyCommand.Follow follow) {
        SocketTransport opened = transport.get();
        if (way != follow.way() || arrivals == null) {
            endWay();
            oldWays.add(way);
            way = follow.way();
            director = follow.director();
            parcels = 0;
            copy.awaitParcels();
            ParcelArrivals begun = opened.parcels(way);
            arrivals = begun;
            ActorRef<StandbyCommand> self = getContext().getSelf();
            begun.queue().onNews(() -> self.tell(new PieceCame(begun)));
        }
        return opened;
    }

    private void onPiece(ParcelArrivals from) {
        PieceNews news = from.queue().poll();
        copy.takenOver().ifPresent(start -> tell(new StandbyReport.TakenOver(way, start)));
        if (news instanceof PieceNews.Arrived piece) {
            try (var lease = piece.lease()) {
                if (from == arrivals) {
                    copy.take(piece.key(), lease.tensor()).ifPresent(this::taken);
                }
            } catch (BrokenFileException e) {
                getContext().getLog().warn("what came for the copy of the run is damaged: {}", e.getMessage());
                endWay();
            } catch (IOException e) {
                refuse(e);
            }
        }
    }

    private void taken(Parcel parcel) {
        tell(new StandbyReport.Kept(way, parcels));
        parcels++;
    }

    private void refuse(IOException e) {
        getContext().getLog().error("the copy of the run", e);
        endWay();
        tell(new StandbyReport.Refused(way, FileErrors.reason(e)));
    }

    private void tell(StandbyReport report) {
        if (director != null) {
            director.tell(report);
        }
    }

    private void endWay() {
        if (arrivals != null) {
            arrivals.close();
            arrivals = null;
        }
    }
}
