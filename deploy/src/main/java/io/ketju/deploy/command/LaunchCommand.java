package io.ketju.deploy.command;

import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.feed.DataReading;
import io.ketju.actors.job.DataForms;
import io.ketju.actors.job.PlannedMemory;
import io.ketju.actors.job.TrainingJob;
import io.ketju.cluster.KetjuCluster;
import io.ketju.cluster.link.DataPath;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.display.Terminal;
import io.ketju.deploy.launch.StopOnSignal;
import io.ketju.tensor.Plural;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ketju launch}: a whole cluster on this machine, as separate processes, and one display. */
@Command(
        name = "launch",
        description = "Train a job over several processes of this machine, started and stopped together.",
        sortOptions = false,
        optionListHeading = "%nOptions (those of the job win over its file):%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ketju launch --nodes 4",
            "  ketju launch jobs/mnist.conf --data ~/mnist --stages 2 --nodes 2",
            "",
            "The weights that come out are those of train, bit for bit. --threads counts per process;",
            "by default the processors are divided among the workers."
        })
final class LaunchCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final JobOptions job = new JobOptions();

    @Mixin
    private final RunOptions run = new RunOptions();

    @Option(names = "--nodes", paramLabel = "N", defaultValue = "4", description = "Worker processes; 4 by default.")
    private String nodes = "4";

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
    private static List<Path> roots(TrainingJob job) {
        List<Path> roots = new ArrayList<>(List.of(Path.of("")));
        job.runDirectory().ifPresent(roots::add);
        DataReading.of(job).ifPresent(data -> roots.addAll(DataForms.paths(data.name())));
        return roots;
    }

    private int launch() {
        TrainingJob checked = JobAssembly.build(run.placed(job.settings()));
        PlannedMemory.requireRoom(checked);
        int count = ClusterFlags.count("--nodes", nodes, checked.stages());
        DataPath path = ClusterFlags.dataPath(dataPath);
        checked.runDirectory().ifPresent(RunDirectory::requireUsable);
        Terminal shown = run.plain() ? terminal.plain() : terminal;
        int threads = job.hasThreads()
                ? checked.threads()
                : Math.max(1, Runtime.getRuntime().availableProcessors() / count);
        List<String> more = new ArrayList<>();
        checked.traces()
                .ifPresent(folder ->
                        more.addAll(List.of("--trace", folder.toAbsolutePath().toString())));
        roots(checked)
                .forEach(folder ->
                        more.addAll(List.of("--root", folder.toAbsolutePath().toString())));
        try (StopOnSignal signal = StopOnSignal.install(TerminalRun.STOP_PATIENCE);
                LaunchedCluster cluster = LaunchedCluster.start(count, threads, path, more)) {
            shown.out()
                    .println("Launched " + Plural.of(count, "worker") + " for the cluster at "
                            + cluster.address() + ": processes "
                            + cluster.workers().processes().stream()
                                    .map(process -> Long.toString(process.pid()))
                                    .collect(Collectors.joining(", ")));
            return new TerminalRun(shown, checked, ResumeCommand.HERE, run)
                    .run(signal, listeners -> KetjuCluster.start(checked, cluster.options(), listeners));
        }
    }
}
