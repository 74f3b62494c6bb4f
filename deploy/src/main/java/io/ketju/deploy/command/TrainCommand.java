package io.ketju.deploy.command;

import io.ketju.actors.Ketju;
import io.ketju.actors.checkpoint.Checkpoint;
import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.PlannedMemory;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.Runs;
import io.ketju.cluster.KetjuCluster;
import io.ketju.cluster.node.ClusterOptions;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobSettings;
import io.ketju.deploy.display.Terminal;
import io.ketju.deploy.launch.Address;
import io.ketju.deploy.launch.StopOnSignal;
import io.ketju.protocol.security.NodeCredentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ketju train}: in this JVM, or over the workers of a cluster. */
@Command(
        name = "train",
        description = "Train a job, by default a LeNet on real Fashion-MNIST images in four stages.",
        sortOptions = false,
        optionListHeading = "%nOptions (each wins over the job file):%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ketju train",
            "  ketju train --stages 2 --schedule GPipe --microbatches 4",
            "  ketju train jobs/mnist.conf --data ~/mnist --run-dir runs/mnist",
            "  ketju train --resume runs/fashion-lenet-1 --stages 1",
            "  ketju train --from runs/fashion-lenet-1 --epochs 5 --lr 0.0002",
            "  ketju train jobs/mnist.conf --cluster 127.0.0.1:7355 --workers 4",
            "  ketju train jobs/mnist.conf --cluster 127.0.0.1:7355 --workers 4 --run-dir runs/mnist --standby",
            "",
            "Ctrl-C stops at the next step with a checkpoint; --resume goes on from it to the same bits."
        })
final class TrainCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final JobOptions job = new JobOptions();

    @Mixin
    private final RunOptions run = new RunOptions();

    @Option(
            names = "--resume",
            paramLabel = "RUN",
            description = "Continue the run in this folder from its newest checkpoint; other --stages"
                    + " and more --epochs are fine.")
    private @Nullable Path resume;

    @Option(
            names = "--cluster",
            paramLabel = "HOST:PORT,...",
            description =
                    "Train over the workers that join this address, or one of these; whoever comes first opens it.")
    private @Nullable String cluster;

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "Workers to wait for with --cluster; by default one per stage.")
    private @Nullable String workers;

    @Option(
            names = "--standby",
            description =
                    "With --cluster: wait beside the driver of the run in --resume RUN or --run-dir DIR, and go on"
                            + " with the run if that driver is lost.")
    private boolean standby;

    @Option(names = ClusterFlags.JOIN, paramLabel = "SECONDS", description = ClusterFlags.JOIN_HELP)
    private @Nullable String joinTimeout;

    @Mixin
    private final CertificateOptions identity = new CertificateOptions();

    TrainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try (run) {
            return train();
        }
    }

    private int train() {
        if (standby) {
            return standBy();
        }
        JobSettings settings = resume == null
                ? run.placed(job.settings())
                : run.placed(job.settingsOf(RunDirectory.open(resume).jobFile()), resume);
        TrainingJob checked = JobAssembly.build(settings, Optional.ofNullable(resume));
        if (resume == null) {
            checked.runDirectory().ifPresent(RunDirectory::requireUsable);
        }
        Optional<Checkpoint> last = resume == null ? Optional.empty() : Runs.completed(checked);
        if (resume != null && last.isPresent()) {
            return CompleteRun.tell(terminal, checked, resume, last.get());
        }
        Runs.requireContinuable(checked);
        Terminal shown = run.plain() ? terminal.plain() : terminal;
        if (cluster == null) {
            PlannedMemory.requireRoom(checked);
            requireNone("--workers", workers);
            requireNone(ClusterFlags.JOIN, joinTimeout);
            try (StopOnSignal signal = StopOnSignal.install(TerminalRun.STOP_PATIENCE)) {
                return new TerminalRun(shown, checked, ResumeCommand.HERE, run)
                        .run(signal, listeners -> Ketju.start(checked, listeners));
            }
        }
        ClusterFlags.requireUntraced(checked);
        ClusterOptions options = options(cluster, ClusterFlags.workers(workers, checked), false);
        ResumeCommand onCluster = onCluster(cluster);
        try (StopOnSignal signal = StopOnSignal.install(TerminalRun.STOP_PATIENCE)) {
            return new TerminalRun(shown, checked, onCluster, run)
                    .run(signal, listeners -> KetjuCluster.start(checked, options, listeners));
        }
    }

    private int standBy() {
        if (cluster == null) {
            throw new InvalidJobException("--standby: expected --cluster HOST:PORT beside it, found none");
        }
        StandbyRun waiting = StandbyRun.of(job, run, Optional.ofNullable(resume));
        ClusterOptions options = options(cluster, ClusterFlags.workers(workers, waiting.job()), true);
        return waiting.await(run.plain() ? terminal.plain() : terminal, options, onCluster(cluster));
    }

    private ResumeCommand onCluster(String meeting) {
        return new ResumeCommand(
                workers == null ? List.of("--cluster", meeting) : List.of("--cluster", meeting, "--workers", workers));
    }

    /** What is of a cluster alone. */
    private static void requireNone(String flag, @Nullable String given) {
        if (given != null) {
            throw new InvalidJobException(flag + ": expected --cluster HOST:PORT beside it, found none");
        }
    }

    /** By default the driver is at one of the places where the cluster meets, as long as its certificate has that name. */
    private ClusterOptions options(String meeting, int count, boolean standing) {
        Optional<NodeCredentials> certificates = identity.certificates(terminal);
        List<Address> addresses = ClusterFlags.meeting("--cluster", meeting, certificates.isPresent());
        Duration patience = ClusterFlags.joinTimeout(joinTimeout);
        Optional<String> there = addresses.stream()
                .map(Address::host)
                .filter(host -> identity.chosenHost().isEmpty()
                        && certificates.map(node -> node.hasName(host)).orElse(true))
                .findFirst();
        String own = there.orElseGet(() -> identity.host(certificates));
        ClusterFlags.note(terminal, "--cluster", addresses);
        ClusterOptions chosen = standing
                ? ClusterFlags.standby(addresses, count, own, certificates)
                : ClusterFlags.driver(addresses, count, own, certificates);
        return chosen.withJoinTimeout(patience);
    }
}
