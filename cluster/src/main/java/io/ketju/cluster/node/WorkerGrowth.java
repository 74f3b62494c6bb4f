package io.ketju.cluster.node;

import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.run.WorkerNews;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/**
 * Looks for more workers than a run has, which goes on meanwhile: those that wait in the cluster, then processes that are started for
 * it. Offers what there is as soon as that is enough, or when none is to be expected any more, and ends.
 */
final class WorkerGrowth extends AbstractMatchingBehavior<WorkerGrowth.Command> {
    sealed interface Command {}

    private record WorkersListed(Iterable<ActorRef<WorkerCommand>> workers) implements Command {}

    private enum Timer implements Command {
        PATIENCE
    }

    /** A node that has joined is listed in less. */
    private static final Duration LISTING = Duration.ofSeconds(1);

    /**
     * What is wanted.
     *
     * @param have workers that the run has
     * @param count workers in all
     * @param news hears of them
     */
    record Wanted(List<ActorRef<WorkerCommand>> have, int count, ActorRef<WorkerNews> news) {
        Wanted {
            have = List.copyOf(have);
        }
    }

    private final Wanted wanted;
    private final Duration joinTimeout;
    private final IntUnaryOperator start;
    private final IntConsumer enough;
    private final TimerScheduler<Command> timers;
    private List<ActorRef<WorkerCommand>> found = List.of();
    private boolean asked;

    /**
     * @param joinTimeout how long a process may take that was started
     * @param start starts so many processes, and says how many it has started
     * @param enough hears how many the run has from now on
     */
    static Behavior<Command> create(Wanted wanted, Duration joinTimeout, IntUnaryOperator start, IntConsumer enough) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new WorkerGrowth(context, timers, wanted, joinTimeout, start, enough)));
    }

    private WorkerGrowth(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Wanted wanted,
            Duration joinTimeout,
            IntUnaryOperator start,
            IntConsumer enough) {
        super(context);
        this.wanted = wanted;
        this.joinTimeout = joinTimeout;
        this.start = start;
        this.enough = enough;
        this.timers = timers;
        ActorRef<Receptionist.Listing> listings = context.messageAdapter(
                Receptionist.Listing.class,
                listing -> new WorkersListed(listing.getServiceInstances(WorkerProcess.SERVICE)));
        context.getSystem().receptionist().tell(Receptionist.subscribe(WorkerProcess.SERVICE, listings));
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        return switch (command) {
            case WorkersListed listed -> onListed(listed.workers());
            case Timer timer -> offer();
        };
    }

    private Behavior<Command> onListed(Iterable<ActorRef<WorkerCommand>> workers) {
        List<ActorRef<WorkerCommand>> listed = new ArrayList<>();
        workers.forEach(listed::add);
        listed.sort(Comparator.comparing(worker -> worker.path().toString()));
        Set<ActorRef<WorkerCommand>> all = new LinkedHashSet<>(wanted.have());
        all.retainAll(listed);
        all.addAll(listed);
        found = List.copyOf(all);
        if (found.size() >= wanted.count()) {
            enough.accept(wanted.count());
            return offer();
        }
        if (!asked) {
            asked = true;
            boolean more = start.applyAsInt(wanted.count() - found.size()) > 0;
            timers.startSingleTimer(Timer.PATIENCE, more ? joinTimeout : LISTING);
        }
        return this;
    }

    private Behavior<Command> offer() {
        wanted.news().tell(new WorkerNews.Offered(found.subList(0, Math.min(found.size(), wanted.count()))));
        return Behaviors.stopped();
    }
}
