package io.ketju.cluster.node;

import io.ketju.actors.coordinator.Coordinator;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.WorkerLostException;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.run.WorkerNews;
import io.ketju.tensor.Plural;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/** Waits until enough workers are in the cluster, gives them to the run, and watches the processes of some. */
final class WorkerGathering extends AbstractMatchingBehavior<WorkerGathering.Command> {
    sealed interface Command {}

    private record WorkersListed(List<ActorRef<WorkerCommand>> workers) implements Command {}

    private record ProcessEnded(long pid) implements Command {}

    private record TimedOut() implements Command {}

    private final ClusterOptions options;
    private final LaunchedWorkers launched;
    private final ActorRef<WorkerNews> news;
    private final Map<Long, ActorRef<WorkerCommand>> workerOfProcess = new HashMap<>();
    private boolean complete;
    private int found;

    /**
     * @param launched processes whose end is told as soon as it happens
     */
    static Behavior<Command> create(ClusterOptions options, LaunchedWorkers launched, ActorRef<WorkerNews> news) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startSingleTimer(new TimedOut(), options.joinTimeout());
            return new WorkerGathering(context, options, launched, news);
        }));
    }

    private WorkerGathering(
            ActorContext<Command> context,
            ClusterOptions options,
            LaunchedWorkers launched,
            ActorRef<WorkerNews> news) {
        super(context);
        this.options = options;
        this.launched = launched;
        this.news = news;
        ActorRef<Receptionist.Listing> listings = context.messageAdapter(
                Receptionist.Listing.class,
                listing -> new WorkersListed(listing.getServiceInstances(WorkerProcess.SERVICE).stream()
                        .sorted(Comparator.comparing(worker -> worker.path().toString()))
                        .toList()));
        context.getSystem().receptionist().tell(Receptionist.subscribe(WorkerProcess.SERVICE, listings));
        ActorRef<Command> self = context.getSelf();
        launched.onEnd(pid -> self.tell(new ProcessEnded(pid)));
        announce();
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case WorkersListed listed -> onListed(listed.workers());
            case ProcessEnded ended -> onProcessEnded(ended.pid());
            case TimedOut late -> {
                if (!complete) {
                    news.tell(new WorkerNews.Missing(new InvalidClusterException(
                            "expected " + Plural.of(options.workers(), "worker") + ", found " + found
                                    + " after " + options.joinTimeout().toSeconds()
                                    + " s; start more with 'ketju node', or ask for fewer with --workers")));
                }
            }
        }
        return this;
    }

    private void onListed(List<ActorRef<WorkerCommand>> workers) {
        if (complete) {
            return;
        }
        boolean changed = found != workers.size();
        found = workers.size();
        if (found >= options.workers()) {
            complete = true;
            ClusterMembership.processes(getContext().getSystem(), workers).forEach((worker, pid) -> {
                workerOfProcess.put(pid, worker);
                launched.joined(Coordinator.addressOf(worker), pid);
            });
            news.tell(new WorkerNews.Found(workers));
        } else if (changed) {
            announce();
        }
    }

    private void onProcessEnded(long pid) {
        ClusterMembership.down(getContext().getSystem(), pid);
        ActorRef<WorkerCommand> worker = workerOfProcess.get(pid);
        if (!complete) {
            news.tell(new WorkerNews.Missing(new WorkerLostException(launched.endedEarly(pid))));
        } else if (worker != null) {
            news.tell(new WorkerNews.Lost(worker));
        }
    }

    private void announce() {
        news.tell(new WorkerNews.Awaited(new TrainingEvent.WaitingForWorkers(
                options.seedNodes(), options.workers(), found, options.joinTimeout())));
    }
}
