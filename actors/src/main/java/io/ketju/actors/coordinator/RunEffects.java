package io.ketju.actors.coordinator;

import io.ketju.actors.checkpoint.CheckpointStore;
import io.ketju.actors.checkpoint.CheckpointWriter;
import io.ketju.actors.job.JobBatches;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.FeedPlacement;
import io.ketju.actors.message.FeederCommand;
import io.ketju.actors.message.FeederReport;
import io.ketju.actors.message.GrantedWindow;
import io.ketju.actors.message.OutputCommand;
import io.ketju.actors.message.PlannedWindow;
import io.ketju.actors.message.StageAddress;
import io.ketju.actors.message.StageCommand;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.data.BatchPlan;
import io.ketju.pipeline.stage.StepSums;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/** Performs what a {@link CoordinatorMachine} wants done: messages to workers, stages, feeder and writer, and reports. */
final class RunEffects {
    /** How long workers may take to let go of their stages; one that is dead never answers. */
    private static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(5);

    private final CoordinatorParts parts;
    private final RunFeeder feeder;
    private final CoordinatorMachine machine;
    private final ActorContext<CoordinatorCommand> context;
    private final TimerScheduler<CoordinatorCommand> timers;
    private final int incarnation;
    private final List<StageAddress> stages = new ArrayList<>();
    private final ActorRef<FeederReport> feederReports;
    private final JobBatches batches;
    private final RunFolder folder;
    private final CopyRounds copies;
    private final WatchedWindows watched;
    /** Samples of every window that is not finished, by its number. */
    private final Map<Long, Integer> samplesGranted = new HashMap<>();

    private final Grants grants;

    private String releaseReason = "";
    /** The schedule of the step that was granted last. */
    private int schedule;

    private long lastStep;

    RunEffects(
            CoordinatorParts parts,
            RunFeeder feeder,
            CoordinatorMachine machine,
            ActorContext<CoordinatorCommand> context,
            TimerScheduler<CoordinatorCommand> timers) {
        this.parts = parts;
        this.feeder = feeder;
        this.machine = machine;
        this.context = context;
        this.timers = timers;
        this.incarnation = parts.ticket().incarnation();
        this.grants = new Grants(incarnation);
        this.batches = new JobBatches(parts.job());
        this.folder = new RunFolder(parts, context);
        this.copies = new CopyRounds(
                parts.job(),
                parts.folder().isPresent() && parts.assignment().workers() > 1,
                this::copied,
                System::nanoTime);
        this.watched = new WatchedWindows(parts.reporter().watchers(), parts.assignment(), System::nanoTime);
        this.feederReports = context.messageAdapter(FeederReport.class, Coordinator.FeederReported::new);
    }

    /** Remembers where stages listen. */
    void placed(List<StageAddress> addresses) {
        stages.addAll(addresses);
        stages.sort(Comparator.comparingInt(StageAddress::stage));
    }

    /** Nothing is fed any more, as far as can be known: now the stages may go. Workers take no notice of a second call. */
    void feederStopped() {
        parts.workers().forEach(worker -> worker.tell(new WorkerCommand.ReleaseStages(parts.ticket(), releaseReason)));
    }

    /** Something was told that decides nothing. */
    void note(CoordinatorCommand.Note note) {
        if (note.incarnation() != incarnation) {
            return;
        }
        switch (note) {
            case CoordinatorCommand.HistogramsCounted counted ->
                parts.reporter().counted(counted.step(), counted.counted());
            case CoordinatorCommand.CopyHeld held -> copies.held(held.stage(), held.step());
            case CoordinatorCommand.WindowWatched told -> watched.told(told);
            case CoordinatorCommand.WorkerLeaving leaving -> {
                if (leaving.worker() >= 0 && leaving.worker() < parts.workers().size()) {
                    parts.leaving().accept(parts.workers().get(leaving.worker()));
                }
            }
        }
    }

    /** All stages have a copy of what they had learnt after a step, on two workers each. */
    private void copied(long step, String progress) {
        parts.copies().complete(new RunCopies.Round(incarnation, step, progress, parts.assignment(), parts.workers()));
    }

    /** Performs what the machine wants done after an event, and what comes of it; returns whether the run is over. */
    boolean of(CoordinatorEvent event) {
        boolean ended = false;
        for (CoordinatorEffect effect : machine.on(event)) {
            try {
                ended |= perform(effect);
            } catch (RuntimeException e) {
                context.getLog().error("{} failed", effect, e);
                return of(RunEvents.failed(e));
            }
        }
        return ended;
    }

    /** Performs one effect; returns whether the run is over. Windows that are granted wait for {@link #sendGrants}, or the next order. */
    private boolean perform(CoordinatorEffect effect) {
        if (!(effect instanceof CoordinatorEffect.GrantWindow || effect instanceof CoordinatorEffect.AnnounceWindow)) {
            sendGrants();
        }
        switch (effect) {
            case CoordinatorEffect.PlaceStages place -> placeStages();
            case CoordinatorEffect.ConnectStages connect -> connectStages();
            case CoordinatorEffect.AnnounceStart start -> {
                parts.reporter().started(parts.completedSteps(), parts.workers().size());
                keptBefore();
            }
            case CoordinatorEffect.GrantWindow grant -> grant(grant.window());
            case CoordinatorEffect.GiveSums give -> give(give.sums());
            case CoordinatorEffect.AnnounceWindow done -> {
                int samples = Objects.requireNonNull(
                        samplesGranted.remove(done.window().number()));
                copies.finished(done.window(), parts.sequence().progress());
                parts.reporter().finished(done.window(), samples, done.metrics(), done.busyNanos());
                if (done.window().step() == parts.completedSteps()) {
                    keptBefore();
                }
            }
            case CoordinatorEffect.SaveShards save -> {
                StageCommand.SaveShard message =
                        new StageCommand.SaveShard(incarnation, save.step(), directory(save.step()));
                keeping().forEach(rank -> rank.tell(message));
            }
            case CoordinatorEffect.CommitManifest commit -> commit(commit);
            case CoordinatorEffect.AnnounceCopy copied -> parts.reporter().copied();
            case CoordinatorEffect.AnnounceCheckpoint done ->
                parts.reporter().checkpointed(done.step(), directory(done.step()), done.awaited());
            case CoordinatorEffect.ReleaseStages release -> releaseStages(release.reason());
            case CoordinatorEffect.InspectMicrobatch inspect -> {
                StageCommand.InspectMicrobatch message =
                        new StageCommand.InspectMicrobatch(incarnation, inspect.window(), inspect.microbatch());
                ranks().forEach(rank -> rank.tell(message));
            }
            case CoordinatorEffect.EndRun end -> {
                parts.outcome()
                        .complete(new RunOutcome(
                                end.failure(),
                                end.stopReason(),
                                machine.completedSteps(),
                                machine.completed(),
                                end.thrown()));
                return true;
            }
        }
        return false;
    }

    /** What the start began with is kept already: nobody will say so again. */
    private void keptBefore() {
        parts.reporter().kept(parts.completedSteps(), directory(parts.completedSteps()));
    }

    /** Every rank and the feeder hear of a window, with what its micro-batches are and what its targets weigh. */
    private void grant(PlannedWindow planned) {
        GrantedWindow granted;
        try {
            BatchPlan batch = batches.plan(planned.phase(), planned.batch());
            granted = new GrantedWindow(
                    batches.window(planned.number(), planned.phase(), planned.objective(), planned.step(), batch)
                            .withinStep(planned.endsStep(), planned.reductions())
                            .draining(planned.drains())
                            .scheduled(schedule(planned)),
                    planned.batch());
        } catch (Throwable e) { // data sets and losses are the user's
            throw new DataFailedException(e);
        }
        StageCommand.GrantWindow message = new StageCommand.GrantWindow(
                incarnation, granted.window(), copies.begins(planned), watched.begins(planned));
        samplesGranted.put(planned.number(), granted.window().samples());
        grants.add(message, granted);
    }

    /** Sends what was granted since. */
    void sendGrants() {
        grants.send(message -> ranks().forEach(rank -> rank.tell(message)), feeder.actor()::tell);
    }

    /** All windows of a step take the same. */
    private int schedule(PlannedWindow planned) {
        if (planned.trains() && planned.step() != lastStep) {
            lastStep = planned.step();
            schedule = parts.schedules().chosen();
        }
        return planned.trains() ? schedule : 0;
    }

    private void give(StepSums.Agreed agreed) {
        StageCommand.TakeSums message = new StageCommand.TakeSums(incarnation, agreed.window(), agreed.sums());
        stages.stream()
                .filter(stage -> agreed.stages().contains(stage.stage()))
                .map(StageAddress::actor)
                .distinct()
                .forEach(rank -> rank.tell(message));
    }

    /** The actors of all stages, each once. */
    private List<ActorRef<StageCommand>> ranks() {
        return stages.stream().map(StageAddress::actor).distinct().toList();
    }

    /** Those that have something of what is kept. */
    private List<ActorRef<StageCommand>> keeping() {
        return stages.stream()
                .filter(stage -> parts.job().pipeline().keeps(stage.stage()))
                .map(StageAddress::actor)
                .distinct()
                .toList();
    }

    private Path directory(long step) {
        return CheckpointStore.directory(parts.checkpointRoot(), step);
    }

    private void placeStages() {
        for (int worker = 0; worker < parts.workers().size(); worker++) {
            int asked = worker;
            parts.workers()
                    .get(worker)
                    .tell(new WorkerCommand.PlaceStages(
                            parts.ticket(),
                            parts.job().pipeline(),
                            parts.assignment(),
                            worker,
                            parts.checkpoint(),
                            context.getSelf(),
                            runName(),
                            parts.feeding()
                                    .filter(feeding -> feeding.worker() == asked)
                                    .map(FeedPlacement::data),
                            parts.sequence().goesOnBehindCheckpoints()));
        }
    }

    /** What a person calls the run: the name of its folder, or of its job if nothing is kept. */
    private String runName() {
        return parts.job()
                .resume()
                .or(() -> parts.job().runDirectory())
                .flatMap(folder ->
                        Optional.ofNullable(folder.toAbsolutePath().normalize().getFileName()))
                .map(Path::toString)
                .orElse(parts.job().name());
    }

    private void connectStages() {
        List<StageAddress> all = List.copyOf(stages);
        parts.workers()
                .forEach(worker -> worker.tell(
                        new WorkerCommand.ConnectStages(parts.ticket(), all, parts.outputs(), folder.address())));
        folder.send(all);
        feeder.actor().tell(new FeederCommand.Connect(all, feederReports));
    }

    private void commit(CoordinatorEffect.CommitManifest commit) {
        ActorRef<CheckpointWriter.ManifestOutcome> replyTo = context.messageAdapter(
                CheckpointWriter.ManifestOutcome.class,
                outcome -> new Coordinator.ManifestOutcome(outcome.step(), outcome.failure()));
        parts.writer()
                .tell(new CheckpointWriter.CommitManifest(
                        parts.checkpointRoot(), commit.step(), commit.shards(), commit.progress(), replyTo));
    }

    /** First the feeder, so that no tensor comes to a stage that has gone; the workers when it has stopped. */
    private void releaseStages(String reason) {
        releaseReason = reason;
        parts.outputs().ifPresent(wanted -> wanted.receiver().tell(new OutputCommand.Release()));
        timers.startSingleTimer(Coordinator.Timer.RELEASE, RELEASE_TIMEOUT);
        feeder.actor().tell(new FeederCommand.Stop(feederReports));
    }
}
