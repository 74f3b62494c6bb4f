package io.ketju.actors.run;

import io.ketju.actors.checkpoint.Checkpoint;
import io.ketju.actors.checkpoint.CheckpointStore;
import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.feed.MicrobatchBuffers;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobHash;
import io.ketju.actors.job.PlannedMemory;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.worker.EdgePlan;
import io.ketju.actors.worker.LinkMode;
import io.ketju.actors.worker.WorkerResources;
import io.ketju.protocol.dataplane.DataPlane;
import io.ketju.protocol.dataplane.DataPlaneOptions;
import io.ketju.tensor.core.ArithmeticFingerprint;
import io.ketju.tensor.core.TensorCore;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts runs: in this JVM, or over the workers of a cluster. */
public final class Runs {
    private static final Logger LOG = LoggerFactory.getLogger(Runs.class);

    private Runs() {}

    /** The last checkpoint of the run that the job is to continue, if that run has nothing left to do. */
    public static Optional<Checkpoint> completed(TrainingJob job) {
        return job.resume()
                .filter(run -> Files.exists(
                        CheckpointStore.directory(RunDirectory.open(run).checkpoints(), job.totalSteps())))
                .flatMap(run -> RunDirectory.open(run).newest())
                .filter(newest -> newest.step() == job.totalSteps()
                        && newest.manifest().jobHash().equals(JobHash.numbers(job)));
    }

    /**
     * Throws {@link InvalidJobException} if the run that the job is to continue cannot go on: it is in use, its starts
     * cannot be counted, or it has no checkpoint of this job. A start would find the same, but later.
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
        return completed(job)
                .map(last -> new CompletedTraining(
                        job, RunDirectory.open(job.resume().orElseThrow()), last));
    }

    /** A run in this JVM. {@code linkMode} decides whether its stages talk by reference or over loopback sockets. */
    public static Training embedded(TrainingJob job, LinkMode linkMode, List<TrainingListener> listeners) {
        return Shield.call("start", () -> openEmbedded(job, linkMode, listeners));
    }

    private static Training openEmbedded(TrainingJob job, LinkMode linkMode, List<TrainingListener> listeners) {
        Optional<Training> complete = alreadyComplete(job);
        if (complete.isPresent()) {
            return complete.get();
        }
        PlannedMemory.requireRoom(job);
        job.notes().forEach(LOG::warn);
        try (OpenedResources opened = new OpenedResources()) {
            TensorCore core = opened.closingOnFailure(TensorCore.open(job.threads()), TensorCore::close);
            RunSetup setup = opened.closingOnFailure(RunSetup.prepare(job, core), RunSetup::abandon);
            Optional<DataPlane> plane = linkMode == LinkMode.ALWAYS_SOCKETS
                    ? Optional.of(
                            opened.closingOnFailure(DataPlane.open(DataPlaneOptions.defaults()), DataPlane::close))
                    : Optional.empty();
            WorkerResources resources = new WorkerResources(core, plane, linkMode);
            RunActors actors = actors(opened, setup, plane, linkMode, listeners, new LaunchedWorkers(List.of()));
            ActorSystem<RunGuardian.Command> system = ActorSystems.embedded(RunGuardian.embedded(actors, resources));
            opened.keep();
            return new ActorTraining(actors, system, resources::close);
        }
    }

    /** A run over the workers of a cluster, directed and fed from this JVM. */
    public static Training clustered(TrainingJob job, ClusterOptions options, List<TrainingListener> listeners) {
        return Shield.call("start", () -> openClustered(job, options, listeners));
    }

    private static Training openClustered(TrainingJob job, ClusterOptions options, List<TrainingListener> listeners) {
        Optional<Training> complete = alreadyComplete(job);
        if (complete.isPresent()) {
            return complete.get();
        }
        job.notes().forEach(LOG::warn);
        try (OpenedResources opened = new OpenedResources()) {
            RunSetup setup;
            try (TensorCore core = TensorCore.open(1)) {
                setup = opened.closingOnFailure(RunSetup.prepare(job, core), RunSetup::abandon);
            }
            DataPlane plane = opened.closingOnFailure(
                    DataPlane.open(DataPlaneOptions.defaults().withBind(new InetSocketAddress(options.host(), 0))),
                    DataPlane::close);
            RunActors actors = actors(
                    opened,
                    setup,
                    Optional.of(plane),
                    LinkMode.LOCAL_WHERE_POSSIBLE,
                    listeners,
                    new LaunchedWorkers(options.launched()));
            ActorSystem<RunGuardian.Command> system = opened.closingOnFailure(
                    ActorSystems.node(RunGuardian.clustered(actors, options), options, "coordinator"),
                    ActorSystems::terminate);
            ClusterMembership.join(system, options);
            opened.keep();
            return new ActorTraining(actors, system, plane::close);
        }
    }

    private static RunActors actors(
            OpenedResources opened,
            RunSetup setup,
            Optional<DataPlane> plane,
            LinkMode linkMode,
            List<TrainingListener> listeners,
            LaunchedWorkers launched) {
        int buffers = new EdgePlan(setup.job().pipeline(), setup.ticket()).feederBuffers();
        MicrobatchBuffers samples = opened.closingOnFailure(
                new MicrobatchBuffers(setup.job(), setup.ticket().incarnation(), buffers), MicrobatchBuffers::close);
        return new RunActors(setup, samples, plane, linkMode, listeners, launched, new CompletableFuture<>());
    }
}
