package io.ketju.cluster.node;

import io.ketju.actors.coordinator.Coordinator;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.run.WorkerNews;
import io.ketju.cluster.node.GatheringCommand.FindAgain;
import io.ketju.cluster.node.GatheringCommand.ProcessEnded;
import io.ketju.cluster.node.GatheringCommand.Replace;
import io.ketju.cluster.node.GatheringCommand.Timer;
import io.ketju.cluster.node.GatheringCommand.WorkersListed;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.LongConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/**
 * Waits until enough workers are in the cluster, gives them to the run, and watches the processes of some. Asked again, after
 * the run lost one, it has those processes replaced that were started for the run, and gives what is there.
 */
final class WorkerGathering extends AbstractMatchingBehavior<GatheringCommand> {
    /** How long a run waits to have as many workers as before, while a process is on its way to join. */
    private static final Duration REPLACEMENT_PATIENCE = Duration.ofSeconds(3);

    private final ClusterOptions options;
    private final WorkerSearch search;
    private final LaunchedWorkers launched;
    private final ActorRef<WorkerNews> news;
    private final TimerScheduler<GatheringCommand> timers;
    private final WorkerRoster roster = new WorkerRoster();
    private final Map<Long, ActorRef<WorkerCommand>> workerOfProcess = new HashMap<>();
    private final LongConsumer onProcessEnd;
    /** Whether a run that goes on waits to hear whom it can have in place of those that leave. */
    private boolean replaces;

    /**
     * @param wanted workers that the run is to have
     * @param launched processes whose end is told as soon as it happens
     */
    static Behavior<GatheringCommand> create(
            ClusterOptions options, IntSupplier wanted, LaunchedWorkers launched, ActorRef<WorkerNews> news) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new WorkerGathering(context, timers, options, wanted, launched, news)));
    }

    private WorkerGathering(
            ActorContext<GatheringCommand> context,
            TimerScheduler<GatheringCommand> timers,
            ClusterOptions options,
            IntSupplier wanted,
            LaunchedWorkers launched,
            ActorRef<WorkerNews> news) {
        super(context);
        this.timers = timers;
        this.options = options;
        this.launched = launched;
        this.search = new WorkerSearch(options, wanted, launched::someAreToJoin);
        this.news = news;
        ActorRef<Receptionist.Listing> listings = context.messageAdapter(
                Receptionist.Listing.class,
                listing -> new WorkersListed(listing.getServiceInstances(WorkerProcess.SERVICE)));
        context.getSystem().receptionist().tell(Receptionist.subscribe(WorkerProcess.SERVICE, listings));
        ActorRef<GatheringCommand> self = context.getSelf();
        onProcessEnd = pid -> self.tell(new ProcessEnded(pid));
        launched.onEnd(onProcessEnd);
        timers.startSingleTimer(Timer.JOIN, options.joinTimeout());
        news.tell(new WorkerNews.Awaited(search.tell()));
    }

    @Override
    public Behavior<GatheringCommand> onMessage(GatheringCommand command) {
        switch (command) {
            case WorkersListed listed -> {
                roster.listed(listed.workers());
                look();
                offerInstead();
            }
            case ProcessEnded ended -> onProcessEnded(ended.pid());
            case FindAgain wanted -> findAgain(wanted.lost());
            case Replace replace -> replace(replace.leaving());
            case Timer timer -> onTimer(timer);
        }
        return this;
    }

    private void onTimer(Timer timer) {
        switch (timer) {
            case JOIN -> {
                if (search.complete()) {
                    search.patient(false);
                    look();
                } else {
                    news.tell(new WorkerNews.Missing(search.missing()));
                }
            }
            case REPLACEMENT -> {
                search.patient(false);
                look();
                offerInstead();
            }
            case SUSPICION -> look();
        }
    }

    /** Of a run that lost a worker; what was found before counts no more. */
    private void findAgain(Optional<String> lost) {
        replaces = false;
        lost.ifPresent(address -> roster.listed().stream()
                .filter(worker -> Coordinator.addressOf(worker).equals(address))
                .forEach(worker -> roster.lost(worker, System.nanoTime())));
        launched.replaceGone(lost, onProcessEnd);
        search.again(trusted().size());
        timers.startSingleTimer(Timer.JOIN, options.joinTimeout());
        timers.startSingleTimer(Timer.REPLACEMENT, REPLACEMENT_PATIENCE);
        timers.startSingleTimer(Timer.SUSPICION, WorkerRoster.SUSPICION);
        look();
    }

    /** A process that is started in its place gets some time to join, while the run goes on. */
    private void replace(ActorRef<WorkerCommand> leaving) {
        roster.leaves(leaving);
        launched.succeed(Coordinator.addressOf(leaving));
        replaces = true;
        search.patient(true);
        timers.startSingleTimer(Timer.REPLACEMENT, REPLACEMENT_PATIENCE);
        offerInstead();
    }

    private void offerInstead() {
        if (replaces && !search.waits()) {
            replaces = false;
            news.tell(new WorkerNews.Instead(roster.trusted(System.nanoTime())));
        }
    }

    /** Gives what is there, if that is enough. */
    private void look() {
        List<ActorRef<WorkerCommand>> workers = trusted();
        ClusterMembership.processes(getContext().getSystem(), workers).forEach((worker, pid) -> {
            launched.joined(Coordinator.addressOf(worker), pid);
            workerOfProcess.put(pid, worker);
        });
        List<ActorRef<WorkerCommand>> given = workers.subList(0, search.given(workers.size()));
        if (search.complete()) {
            if (search.filled(workers.size())) {
                news.tell(new WorkerNews.Joined(given));
            }
        } else if (search.found(workers.size())) {
            timers.cancel(search.lacks() ? Timer.REPLACEMENT : Timer.JOIN);
            news.tell(new WorkerNews.Found(given));
        } else if (search.isNews()) {
            news.tell(new WorkerNews.Awaited(search.tell()));
        }
    }

    /** Those that a run may be given: a process that was started here may have ended before the news of it are here. */
    private List<ActorRef<WorkerCommand>> trusted() {
        return roster.trusted(System.nanoTime()).stream()
                .filter(worker -> !launched.hasEnded(Coordinator.addressOf(worker)))
                .toList();
    }

    /** One that was replaced is nobody's loss any more; one that has not joined is not waited for. */
    private void onProcessEnded(long pid) {
        ClusterMembership.down(getContext().getSystem(), pid);
        ActorRef<WorkerCommand> worker = workerOfProcess.remove(pid);
        if (worker != null) {
            roster.lost(worker, System.nanoTime());
        }
        if (launched.isReplaced(pid)) {
            return;
        }
        if (!search.complete() && (worker == null || !roster.isLeaving(worker))) {
            news.tell(new WorkerNews.EndedEarly(launched.fate(pid) + " before the run began"));
        } else if (search.complete() && worker != null) {
            news.tell(new WorkerNews.Lost(worker));
        } else if (search.lacks()) {
            getContext()
                    .getLog()
                    .warn("{} before it had joined: the run goes on with the workers that it has", launched.fate(pid));
            look();
        }
    }
}
