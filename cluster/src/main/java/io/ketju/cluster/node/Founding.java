package io.ketju.cluster.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.JoinSeedNodes;

/**
 * Has a node begin the cluster that is one of several places to meet at, but not the first: once nobody has answered for a while at
 * those before it. Pekko lets the first alone begin, so that there is never a second cluster; here each waits for those before it, and
 * should an earlier one have come up unseen and begun its own, this node says so and gives way.
 */
final class Founding extends AbstractMatchingBehavior<Founding.Command> {
    sealed interface Command {}

    private enum Timer implements Command {
        LOOK
    }

    /**
     * What was found.
     *
     * @param answering places before this one where somebody is who is no member of this node's cluster
     */
    private record Looked(List<String> answering) implements Command {}

    /** How long nobody may have answered at the places before this one. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration LATER_LOOK = Duration.ofSeconds(5);

    /** One that is about to join is no member yet when it answers. */
    private static final int APART_LOOKS = 3;

    private final TimerScheduler<Command> timers;
    private final Cluster cluster;
    private final List<String> seeds;
    private final String own;
    private final Runnable whenApart;
    private final long begin = System.nanoTime();
    private long lastAnswer = begin;
    private boolean begun;
    private int apart;

    /**
     * @param seeds where the cluster meets, {@code host:port}, this node among them
     * @param own this node's
     * @param whenApart what to do where two clusters have begun
     */
    static Behavior<Command> create(List<String> seeds, String own, Runnable whenApart) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new Founding(context, timers, seeds, own, whenApart)));
    }

    private Founding(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            List<String> seeds,
            String own,
            Runnable whenApart) {
        super(context);
        this.timers = timers;
        this.cluster = Cluster.get(context.getSystem());
        this.seeds = seeds;
        this.own = own;
        this.whenApart = whenApart;
        timers.startSingleTimer(Timer.LOOK, LOOK);
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case Timer look -> look();
            case Looked looked -> onLooked(looked.answering());
        }
        return this;
    }

    /** Somewhere else: who does not answer takes a while. */
    private void look() {
        List<String> members = ClusterMembership.addresses(getContext().getSystem());
        List<String> before = seeds.subList(0, seeds.indexOf(own)).stream()
                .filter(seed -> !members.contains(seed))
                .toList();
        getContext()
                .pipeToSelf(
                        CompletableFuture.supplyAsync(
                                () -> before.stream()
                                        .filter(ClusterMembership::answers)
                                        .toList(),
                                Thread::startVirtualThread),
                        (answering, failure) -> new Looked(answering == null ? List.of() : answering));
    }

    private void onLooked(List<String> answering) {
        boolean joined = ClusterMembership.addresses(getContext().getSystem()).contains(own);
        long now = System.nanoTime();
        if (joined) {
            apart = answering.isEmpty() ? 0 : apart + 1;
            if (apart == APART_LOOKS) {
                getContext()
                        .getLog()
                        .warn("{} began a cluster, and so did {}: this one gives way when it is free", own, answering);
                whenApart.run();
            }
        } else if (!answering.isEmpty()) {
            lastAnswer = now;
        } else if (!begun && now - lastAnswer >= PATIENCE.toNanos()) {
            begun = true;
            cluster.manager().tell(new JoinSeedNodes(ownFirst()));
        }
        timers.startSingleTimer(Timer.LOOK, joined ? LATER_LOOK : LOOK);
    }

    /** As the first it asks the others once more, and begins if none of them is in a cluster. */
    private List<Address> ownFirst() {
        List<String> order = new ArrayList<>(seeds);
        order.remove(own);
        order.addFirst(own);
        return order.stream().map(ClusterMembership::address).toList();
    }
}
