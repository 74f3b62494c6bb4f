package io.ketju.actors.run;

import io.ketju.actors.checkpoint.Checkpoint;
import io.ketju.actors.checkpoint.CheckpointStore;
import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.coordinator.RunCopies;
import io.ketju.actors.coordinator.ScheduleSwitch;
import io.ketju.actors.job.BestEpoch;
import io.ketju.actors.job.HandedBatches;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobHash;
import io.ketju.actors.job.PlannedMemory;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.message.OutputCommand;
import io.ketju.actors.standby.StandbyRegistry;
import io.ketju.actors.transport.LocalTransport;
import io.ketju.actors.transport.StageTransport;
import io.ketju.tensor.core.ArithmeticFingerprint;
import io.ketju.tensor.core.TensorCore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts runs: in this JVM, or from this JVM over workers elsewhere. */
public final class Runs {
    private static final Logger LOG = LoggerFactory.getLogger(Runs.class);

    private Runs() {}

    /**
     * {@return the last checkpoint of the run that the job is to continue, if that run has nothing left to do}
     *
     * @param job that may continue a run
     * @throws InvalidJobException if the folder that it names is that of no run
     */
    public static Optional<Checkpoint> completed(TrainingJob job) {
        return job.resume()
                .filter(run -> stopsEarly(job)
                        || Files.exists(
                                CheckpointStore.directory(RunDirectory.open(run).checkpoints(), job.totalSteps())))
                .flatMap(run -> RunDirectory.open(run).newest())
                .filter(newest -> ended(job, newest));
    }

    private static boolean stopsEarly(TrainingJob job) {
        return job.bestEpoch().filter(rule -> rule.patience().isPresent()).isPresent();
    }

    /** Whether all steps are taken, or early stopping ended the run, which more epochs do not change. */
    private static boolean ended(TrainingJob job, Checkpoint newest) {
        String hash = newest.manifest().jobHash();
        boolean same = hash.equals(JobHash.numbers(job));
        if (newest.step() == job.totalSteps() && same) {
            return true;
        }
        return job.bestEpoch()
                        .flatMap(rule ->
                                BestEpoch.in(newest.manifest().progress()).filter(rule::ends))
                        .isPresent()
                && (same || JobHash.epochs(job, hash, 1).isPresent());
    }

    /**
     * Looks whether the run that the job is to continue can go on. A start would find the same, but later.
     *
     * @param job one that continues no run passes
     * @throws InvalidJobException if the run is in use, its starts cannot be counted, or all its checkpoints are damaged or of another job
     */
    public static void requireContinuable(TrainingJob job) {
        job.resume().ifPresent(run -> {
            RunDirectory held = RunDirectory.reopen(run);
            try (TensorCore core = TensorCore.open(1)) {
                held.requireNextIncarnation();
                held.newest(RunSetup.fit(job, ArithmeticFingerprint.of(core.kernels())));
            } finally {
                held.release();
            }
        });
    }

    private static Optional<Training> alreadyComplete(TrainingJob job) {
        if (job.train() instanceof HandedBatches) {
            throw new InvalidJobException(
                    "data: expected a data set or batches, found a job that is trained step by step: call session(...)");
        }
        return completed(job)
                .map(last -> new CompletedTraining(
                        job, RunDirectory.open(job.resume().orElseThrow()), last));
    }

    /**
     * {@return a run in this JVM, started; the caller closes it}
     *
     * @param job with data of its own
     * @param listeners told in this order, from one thread at a time
     * @throws InvalidJobException before anything starts
     */
    public static Training embedded(TrainingJob job, List<TrainingListener> listeners) {
        return embedded(job, LocalTransport::new, listeners);
    }

    /**
     * {@return the same, with another way for tensors to travel between the stages}
     *
     * @param job with data of its own
     * @param transport opens it when the run's folder is prepared; the run owns it
     * @param listeners told in this order, from one thread at a time
     * @throws InvalidJobException before anything starts
     */
    public static Training embedded(
            TrainingJob job, Supplier<StageTransport> transport, List<TrainingListener> listeners) {
        return Shield.call(
                "start",
                () -> alreadyComplete(job).orElseGet(() -> {
                    PlannedMemory.requireRoom(job);
                    Supplier<RunSite> site = () -> EmbeddedSite.open(job.threads(), transport, job.traces());
                    return open(job, site, RunWindows::epochs, listeners);
                }));
    }

    /**
     * {@return a run whose stages are held elsewhere, directed from this JVM, and fed from it unless a worker can read the data; the
     * caller closes it}
     *
     * @param job with data of its own
     * @param site opened when the run's folder is prepared; the run owns it
     * @param listeners told in this order, from one thread at a time
     * @throws InvalidJobException before anything starts
     */
    public static Training directed(TrainingJob job, Supplier<RunSite> site, List<TrainingListener> listeners) {
        return Shield.call(
                "start", () -> alreadyComplete(job).orElseGet(() -> open(job, site, RunWindows::epochs, listeners)));
    }

    /**
     * {@return the same of a run whose process is lost}
     *
     * @param job which continues it, and is not complete
     * @param held its folder; the run owns it
     * @param site opened when the folder is prepared; the run owns it
     * @param listeners told in this order, from one thread at a time
     * @throws InvalidJobException before anything starts
     */
    public static Training takenOver(
            TrainingJob job, RunDirectory held, Supplier<RunSite> site, List<TrainingListener> listeners) {
        return Shield.call("start", () -> open(job, folder -> held, site, RunWindows::epochs, listeners));
    }

    /**
     * {@return a session over stages in this JVM, started; the caller closes it}
     *
     * @param job that says {@code stepByStep()} in place of its data
     * @param listeners told in this order, from one thread at a time
     * @throws InvalidJobException if the job has batches of its own, or cannot be started
     */
    public static TrainingSession session(TrainingJob job, List<TrainingListener> listeners) {
        return embeddedSession(job, LocalTransport::new, listeners);
    }

    /**
     * {@return the same, with another way for tensors to travel between the stages}
     *
     * @param job that says {@code stepByStep()} in place of its data
     * @param transport opens it when the run's folder is prepared; the session owns it
     * @param listeners told in this order, from one thread at a time
     * @throws InvalidJobException if the job has batches of its own, or cannot be started
     */
    public static TrainingSession embeddedSession(
            TrainingJob job, Supplier<StageTransport> transport, List<TrainingListener> listeners) {
        PlannedMemory.requireRoom(job);
        return session(job, () -> EmbeddedSite.open(job.threads(), transport, job.traces()), listeners);
    }

    /**
     * {@return a session over stages that are held elsewhere, started; the caller closes it}
     *
     * @param job that says {@code stepByStep()} in place of its data
     * @param site opened when the run's folder is prepared; the session owns it
     * @param listeners told in this order, from one thread at a time
     * @throws InvalidJobException if the job has batches of its own, or cannot be started
     */
    public static TrainingSession session(TrainingJob job, Supplier<RunSite> site, List<TrainingListener> listeners) {
        if (!(job.train() instanceof HandedBatches)) {
            throw new InvalidJobException("data: expected none, as a session gets its batches from its caller, found '"
                    + job.train().name() + "'; call stepByStep() in place of data(...)");
        }
        SessionSequence sequence = new SessionSequence();
        SessionReports reports = new SessionReports(job.model().heads());
        CompletableFuture<ActorRef<OutputCommand>> outputs = new CompletableFuture<>();
        return Shield.call("start", () -> {
            ActorTraining training =
                    open(job, site, setup -> RunWindows.session(setup, sequence, outputs), reports.heardBy(listeners));
            return new TrainingSession(
                    training, sequence, new SessionOutputs(job.pipeline().model(), training, outputs), reports);
        });
    }

    private static ActorTraining open(
            TrainingJob job,
            Supplier<RunSite> site,
            Function<RunSetup, RunWindows> windows,
            List<TrainingListener> listeners) {
        return open(job, RunDirectory::reopen, site, windows, listeners);
    }

    private static ActorTraining open(
            TrainingJob job,
            Function<Path, RunDirectory> resumed,
            Supplier<RunSite> site,
            Function<RunSetup, RunWindows> windows,
            List<TrainingListener> listeners) {
        PlannedMemory.requireRoomToDirect(job);
        job.notes().forEach(LOG::warn);
        try (OpenedResources opened = new OpenedResources()) {
            RunSetup setup;
            try (TensorCore core = TensorCore.open(1)) {
                setup = opened.closingOnFailure(
                        RunSetup.prepare(job, core, resumed, new StandbyRegistry()), RunSetup::abandon);
            }
            RunSite opening = opened.closingOnFailure(site.get(), RunSite::close);
            RunStart first = opened.closingOnFailure(RunStart.of(setup, windows), RunStart::close);
            OpenRun run = new OpenRun(
                    new AtomicReference<>(first),
                    windows,
                    opening,
                    new ScheduleSwitch(job.schedule()),
                    new RunCopies(),
                    listeners,
                    new CompletableFuture<>());
            ActorSystem<RunGuardian.Command> system = opening.start(RunGuardian.create(run));
            opened.keep();
            opening.address().ifPresent(address -> setup.tellStandbys(address, Optional.empty()));
            if (!setup.temporary()) {
                opening.standBy(new RunSite.KeptRun(
                        setup.directory(), job, setup.copies(), reason -> system.tell(new RunGuardian.Abort(reason))));
            }
            return new ActorTraining(run, system);
        }
    }
}
