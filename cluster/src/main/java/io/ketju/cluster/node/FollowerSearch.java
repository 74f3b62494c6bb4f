package io.ketju.cluster.node;

import io.ketju.actors.message.StandbyCommand;
import io.ketju.actors.message.StandbyReport;
import io.ketju.actors.piece.PieceSender;
import io.ketju.actors.run.RunSite;
import io.ketju.actors.standby.Follower;
import io.ketju.cluster.link.SocketTransport;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/** Finds those who stand by for the run that is directed here, and has them keep copies of its folder who do not share it. */
final class FollowerSearch extends AbstractMatchingBehavior<FollowerSearch.Command> {
    sealed interface Command {}

    private record Listed(Set<ActorRef<StandbyCommand>> standbys) implements Command {}

    private record Reported(StandbyReport report) implements Command {}

    private record Joined(RemoteFollower follower, Follower.Answer answer) implements Command {}

    private enum Timer implements Command {
        ASK
    }

    /** Between two questions. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    /**
     * What it needs.
     *
     * @param run that is directed here
     * @param transport by which parcels leave
     * @param holder what the lock in the run's folder says
     * @param board where those are who can still hear how the run ends
     */
    record Parts(RunSite.KeptRun run, SocketTransport transport, String holder, FollowerBoard board) {}

    private final Parts parts;
    private final StandbyCalls calls;
    private final Map<ActorRef<StandbyCommand>, PieceSender> senders = new HashMap<>();
    private final Map<ActorRef<StandbyCommand>, FoundStandby> all = new HashMap<>();

    static Behavior<Command> create(Parts parts, ServiceKey<StandbyCommand> key) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Timer.ASK, AGAIN);
            return new FollowerSearch(context, parts, key);
        }));
    }

    private FollowerSearch(ActorContext<Command> context, Parts parts, ServiceKey<StandbyCommand> key) {
        super(context);
        this.parts = parts;
        this.calls = new StandbyCalls(
                context.getSystem(),
                parts.transport(),
                parts.holder(),
                context.messageAdapter(StandbyReport.class, Reported::new));
        ActorRef<Receptionist.Listing> listings = context.messageAdapter(
                Receptionist.Listing.class, listing -> new Listed(listing.getServiceInstances(key)));
        context.getSystem().receptionist().tell(Receptionist.subscribe(key, listings));
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case Listed listed -> onListed(listed.standbys());
            case Reported reported -> onReport(reported.report());
            case Joined joined -> onJoined(joined);
            case Timer timer -> ask();
        }
        return this;
    }

    /** One that has gone is found out about when it is to have something; one that this process was itself has the folder. */
    private void onListed(Set<ActorRef<StandbyCommand>> standbys) {
        all.entrySet()
                .removeIf(known ->
                        !standbys.contains(known.getKey()) && known.getValue().state != FoundStandby.State.FOLLOWS);
        for (ActorRef<StandbyCommand> standby : standbys) {
            if (!standby.path().address().hasLocalScope() && !all.containsKey(standby)) {
                find(standby);
            }
        }
    }

    private FoundStandby find(ActorRef<StandbyCommand> standby) {
        PieceSender pieces =
                senders.computeIfAbsent(standby, one -> parts.board().sender());
        FoundStandby found = new FoundStandby(new RemoteFollower(
                standby, ClusterMembership.hostPort(standby.path().address()), calls, pieces, RemoteFollower.LOOK));
        all.put(standby, found);
        found.follower.ask();
        return found;
    }

    private void ask() {
        for (Map.Entry<ActorRef<StandbyCommand>, FoundStandby> one : List.copyOf(all.entrySet())) {
            FoundStandby found = one.getValue();
            if (found.state == FoundStandby.State.FOLLOWS && found.follower.lost()) {
                parts.board().left(found.follower);
                find(one.getKey());
                share();
            } else if (found.state == FoundStandby.State.ASKED) {
                found.follower.ask();
            }
        }
    }

    private void onReport(StandbyReport report) {
        for (FoundStandby found : List.copyOf(all.values())) {
            if (found.follower.way() == report.way()) {
                onReport(found, report);
            }
        }
    }

    private void onReport(FoundStandby found, StandbyReport report) {
        if (report instanceof StandbyReport.TakenOver taken) {
            followedBy(taken.start());
        }
        if (found.copies()) {
            found.follower.heard(report);
            return;
        }
        switch (report) {
            case StandbyReport.SharesFolder shares -> found.state = FoundStandby.State.SHARES;
            case StandbyReport.Ready ready -> {
                found.state = FoundStandby.State.JOINING;
                share();
                join(found.follower);
            }
            case StandbyReport.Refused refused -> tell(found, refused.cause());
            default -> {}
        }
    }

    private void tell(FoundStandby found, String cause) {
        if (found.tellsAnew(cause)) {
            getContext().getLog().warn("{} keeps no copy of the run: {}", found.follower.name(), cause);
        }
    }

    private void followedBy(int start) {
        parts.run().copies().followedBy(start);
        parts.run().superseded().accept("the run goes on elsewhere, with start " + start);
    }

    private void join(RemoteFollower follower) {
        ActorRef<Command> actor = getContext().getSelf();
        Thread.ofVirtual().name("ketju-copy").start(() -> {
            Follower.Answer answer;
            try {
                answer = parts.run()
                        .copies()
                        .join(
                                follower,
                                parts.run().directory(),
                                parts.run().job().checkpoints().kept());
            } catch (IOException | RuntimeException e) {
                answer = new Follower.GivenUp(String.valueOf(e.getMessage()));
            }
            actor.tell(new Joined(follower, answer));
        });
    }

    private void onJoined(Joined joined) {
        for (Map.Entry<ActorRef<StandbyCommand>, FoundStandby> one : List.copyOf(all.entrySet())) {
            FoundStandby found = one.getValue();
            if (found.follower != joined.follower()) {
                continue;
            }
            switch (joined.answer()) {
                case Follower.Kept kept -> {
                    found.state = FoundStandby.State.FOLLOWS;
                    parts.board().joined(found.follower);
                }
                case Follower.TookOver taken -> followedBy(taken.start());
                case Follower.GivenUp lost -> joinsNot(one.getKey(), found, lost.cause());
                case Follower.Unknown lost -> joinsNot(one.getKey(), found, lost.cause());
            }
        }
    }

    private void joinsNot(ActorRef<StandbyCommand> standby, FoundStandby found, String cause) {
        tell(found, cause);
        find(standby).tellsAnew(cause);
        share();
    }

    /** All are to know who has copies: of those nobody has the run's own folder. */
    private void share() {
        List<String> now = all.values().stream()
                .filter(FoundStandby::copies)
                .map(found -> found.follower.address())
                .sorted()
                .toList();
        if (calls.copying(now)) {
            all.values().stream().filter(FoundStandby::copies).forEach(found -> found.follower.ask());
        }
    }
}
