package io.ketju.deploy.command;

import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.feed.DataReading;
import io.ketju.actors.job.DataForms;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.PlannedMemory;
import io.ketju.actors.job.TrainingJob;
import io.ketju.cluster.KetjuCluster;
import io.ketju.cluster.link.DataPath;
import io.ketju.cluster.node.ClusterOptions;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.display.AsideLines;
import io.ketju.deploy.display.Terminal;
import io.ketju.deploy.hosts.HostCluster;
import io.ketju.deploy.hosts.WorkerHost;
import io.ketju.deploy.launch.StopOnSignal;
import io.ketju.tensor.Plural;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ketju launch}: a whole cluster on this machine, as separate processes, or on several hosts, and one display. */
@Command(
        name = "launch",
        description =
                "Train a job over several processes of this machine, or of other hosts, started and stopped together.",
        sortOptions = false,
        optionListHeading = "%nOptions (those of the job win over its file):%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ketju launch --nodes 4",
            "  ketju launch jobs/mnist.conf --data ~/mnist --stages 2 --nodes 2",
            "  ketju launch jobs/mnist.conf --hosts hosts.txt",
            "",
            "The weights that come out are those of train, bit for bit. --threads counts per process;",
            "by default the processors are divided among the workers of this machine."
        })
final class LaunchCommand implements Callable<Integer> {
    private static final String NODES = "--nodes";
    private static final String USUAL_NODES = "4";

    private final Terminal terminal;

    @Mixin
    private final JobOptions job = new JobOptions();

    @Mixin
    private final RunOptions run = new RunOptions();

    @Option(names = NODES, paramLabel = "N", description = "Worker processes; 4 by default.")
    private @Nullable String nodes;

    @Mixin
    private final HostsOptions elsewhere = new HostsOptions();

    @Option(names = ClusterFlags.JOIN, paramLabel = "SECONDS", description = ClusterFlags.JOIN_HELP)
    private @Nullable String joinTimeout;

    @Option(
            names = ClusterFlags.DATA_PATH,
            paramLabel = "PATH",
            defaultValue = "auto",
            description = ClusterFlags.DATA_PATH_HELP)
    private String dataPath = "auto";

    LaunchCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try (run) {
            return launch();
        }
    }

    /** What the workers have to reach: the run, and its data. */
    private static List<String> roots(TrainingJob job) {
        List<Path> roots = new ArrayList<>(List.of(Path.of("")));
        job.runDirectory().ifPresent(roots::add);
        DataReading.of(job).ifPresent(data -> roots.addAll(DataForms.paths(data.name())));
        List<String> arguments = new ArrayList<>();
        roots.forEach(folder ->
                arguments.addAll(List.of("--root", folder.toAbsolutePath().toString())));
        return arguments;
    }

    private int launch() {
        Optional<List<WorkerHost>> hosts = elsewhere.hosts();
        TrainingJob checked = JobAssembly.build(run.placed(job.settings()));
        Duration patience = ClusterFlags.joinTimeout(joinTimeout);
        DataPath path = ClusterFlags.dataPath(dataPath);
        if (hosts.isPresent()) {
            requireForHosts(checked);
            checked.runDirectory().ifPresent(RunDirectory::requireUsable);
            return launchOn(hosts.get(), checked, path, patience);
        }
        PlannedMemory.requireRoom(checked);
        int count = ClusterFlags.count(
                NODES, nodes == null ? USUAL_NODES : nodes, checked.pipeline().allStages());
        checked.runDirectory().ifPresent(RunDirectory::requireUsable);
        return launchHere(count, checked, path, patience);
    }

    private void requireForHosts(TrainingJob job) {
        if (nodes != null) {
            throw new InvalidJobException(
                    NODES + ": expected none beside --hosts, which says how many, found " + nodes);
        }
        if (job.traced()) {
            throw new InvalidJobException(
                    "--hosts: expected a run that is not traced, found trace = true: what happens on"
                            + " other hosts is not gathered; ketju launch --nodes traces over processes of this machine");
        }
    }

    private int launchHere(int count, TrainingJob checked, DataPath path, Duration patience) {
        Terminal shown = run.plain() ? terminal.plain() : terminal;
        int threads = job.hasThreads()
                ? checked.threads()
                : Math.max(1, Runtime.getRuntime().availableProcessors() / count);
        List<String> more = new ArrayList<>();
        checked.traces()
                .ifPresent(folder ->
                        more.addAll(List.of("--trace", folder.toAbsolutePath().toString())));
        more.addAll(roots(checked));
        try (StopOnSignal signal = StopOnSignal.install(TerminalRun.STOP_PATIENCE);
                LaunchedCluster cluster = LaunchedCluster.start(count, threads, path, more)) {
            shown.out()
                    .println("Launched " + Plural.of(count, "worker") + " for the cluster at "
                            + cluster.address() + ": processes "
                            + cluster.workers().processes().stream()
                                    .map(process -> Long.toString(process.pid()))
                                    .collect(Collectors.joining(", ")));
            ClusterOptions options = cluster.options().withJoinTimeout(patience);
            return new TerminalRun(shown, checked, ResumeCommand.HERE, run)
                    .run(signal, listeners -> KetjuCluster.start(checked, options, listeners));
        }
    }

    private int launchOn(List<WorkerHost> given, TrainingJob checked, DataPath path, Duration patience) {
        Terminal shown = run.plain() ? terminal.plain() : terminal;
        AsideLines aside = new AsideLines(shown);
        List<WorkerHost> hosts = job.hasThreads()
                ? given.stream()
                        .map(host -> host.withThreads(checked.threads()))
                        .toList()
                : given;
        List<String> more = new ArrayList<>(List.of(ClusterFlags.DATA_PATH, path.text()));
        more.addAll(roots(checked));
        try (StopOnSignal signal = StopOnSignal.install(TerminalRun.STOP_PATIENCE);
                HostCluster cluster = HostCluster.start(elsewhere.request(hosts, terminal, more), aside::print)) {
            aside.print("Launched " + Plural.of(hosts.size(), "worker") + " for the cluster at " + cluster.meeting()
                    + ": " + hosts.stream().map(WorkerHost::host).collect(Collectors.joining(", ")));
            ClusterOptions options =
                    HostsOptions.options(cluster, hosts.size(), checked, path).withJoinTimeout(patience);
            return new TerminalRun(shown, checked, ResumeCommand.HERE, run, aside)
                    .run(signal, listeners -> KetjuCluster.start(checked, options, listeners));
        }
    }
}
