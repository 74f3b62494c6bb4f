package io.ketju.deploy.command;

import io.ketju.actors.checkpoint.RootFolders;
import io.ketju.actors.checkpoint.TemporaryRuns;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobLimits;
import io.ketju.cluster.link.DataPath;
import io.ketju.cluster.node.ClusterOptions;
import io.ketju.cluster.node.WorkerLauncher;
import io.ketju.cluster.node.WorkerProcess;
import io.ketju.deploy.display.Machine;
import io.ketju.deploy.display.Terminal;
import io.ketju.deploy.launch.Address;
import io.ketju.deploy.launch.ParentWatch;
import io.ketju.deploy.launch.StopOnSignal;
import io.ketju.protocol.security.NodeCredentials;
import io.ketju.tensor.Excerpt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ketju node}: one worker JVM of a cluster. */
@Command(
        name = "node",
        description = "Start one worker of a cluster; it holds stages until it is stopped.",
        sortOptions = false,
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExample, each line in a terminal of its own:%n",
        footer = {
            "  ketju node --seed-node 127.0.0.1:7355",
            "  ketju node --seed-node 127.0.0.1:7355",
            "  ketju train --stages 2 --cluster 127.0.0.1:7355",
            "",
            "On another host, with a certificate that ./ketju certs made:",
            "  ketju node --seed-node a.example:7355 --certs b.example",
            "",
            "All on one machine in one go: ketju launch --nodes 2"
        })
final class NodeCommand implements Callable<Integer> {
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

    private final Terminal terminal;
    private final AtomicReference<@Nullable WorkerProcess> started = new AtomicReference<>();
    private volatile boolean ending;

    @Option(
            names = "--seed-node",
            required = true,
            paramLabel = "HOST:PORT",
            description = "Where the cluster meets; the node keeps trying until somebody is there.")
    private String seedNode = "";

    @Option(names = "--role", paramLabel = "ROLE", defaultValue = "worker", description = "worker, the only role yet.")
    private String role = "worker";

    @Mixin
    private final CertificateOptions identity = new CertificateOptions();

    @Option(
            names = "--root",
            paramLabel = "DIR",
            description = "Where runs may read and write here, once for each folder; the working folder by default.")
    private List<Path> roots = List.of();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "Port to bind; 0, any free one, by default.")
    private String port = "0";

    @Option(names = "--threads", paramLabel = "N", description = "Compute threads; all processors by default.")
    private @Nullable String threads;

    @Option(
            names = ClusterFlags.DATA_PATH,
            paramLabel = "PATH",
            defaultValue = "auto",
            description = ClusterFlags.DATA_PATH_HELP)
    private String dataPath = "auto";

    @Option(
            names = "--trace",
            paramLabel = "DIR",
            description = "Keep in this folder, of the run, when everything happened here.")
    private @Nullable Path traces;

    @Option(
            names = ParentWatch.OPTION,
            description = "End when standard input ends: for processes that another one starts.")
    private boolean exitWithParent;

    NodeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Optional<NodeCredentials> certificates =
                identity.certificates(terminal, exitWithParent ? Map.of() : System.getenv());
        Address seed = Address.parse("--seed-node", seedNode, certificates.isPresent());
        if (!role.equals("worker")) {
            throw new InvalidJobException("--role: expected worker, found \"" + Excerpt.of(role) + "\"");
        }
        Address own = new Address(identity.host(certificates), Address.port("--port", port, 0));
        int workerThreads = threads();
        DataPath path = ClusterFlags.dataPath(dataPath);
        if (own.port() != 0) {
            own.requireFree("--port");
        }
        ClusterOptions options = new ClusterOptions(
                own.host(),
                own.port(),
                List.of(seed.toString()),
                1,
                ClusterFlags.JOIN_TIMEOUT,
                path,
                WorkerLauncher.NONE,
                certificates);
        if (exitWithParent) {
            ParentWatch.begin();
        }
        try (StopOnSignal signal = StopOnSignal.install(STOP_PATIENCE)) {
            signal.stops(reason -> end());
            serve(options, workerThreads);
            if (exitWithParent) {
                TemporaryRuns.removeLeft(); // a killed parent cannot do it
            }
            return CommandLineInterface.OK;
        }
    }

    /** A worker that lost its cluster is followed by one that joins whatever cluster meets there next. */
    private void serve(ClusterOptions first, int workerThreads) {
        ClusterOptions options = first;
        WorkerLines lines = new WorkerLines(seedNode, Machine.describe(workerThreads));
        while (!ending) {
            try (WorkerProcess worker = WorkerProcess.start(
                    options,
                    new WorkerProcess.Place(workerThreads, Optional.ofNullable(traces), roots()),
                    event -> print(lines.of(event)))) {
                started.set(worker);
                if (ending) {
                    return;
                }
                worker.awaitTermination();
            }
            options = again(first);
        }
    }

    private RootFolders roots() {
        return RootFolders.of(roots.isEmpty() ? List.of(Path.of("")) : roots);
    }

    /** With another port if somebody else has taken ours in the meantime: another node may meet there now. */
    private static ClusterOptions again(ClusterOptions first) {
        boolean taken = first.port() != 0 && new Address(first.host(), first.port()).answers();
        return taken ? first.withPort(0) : first;
    }

    private void print(String line) {
        terminal.out().println(line);
        terminal.out().flush();
    }

    /** From another thread: the one that waits for the end then closes the rest. */
    private void end() {
        ending = true;
        WorkerProcess worker = started.get();
        if (worker != null) {
            worker.close();
        }
    }

    private int threads() {
        if (threads == null) {
            return Runtime.getRuntime().availableProcessors();
        }
        if (!threads.matches("\\d{1,5}")
                || Integer.parseInt(threads) < 1
                || Integer.parseInt(threads) > JobLimits.THREADS) {
            throw new InvalidJobException("--threads: expected a whole number without unit, 1 or more and "
                    + JobLimits.THREADS + " or less, found \"" + Excerpt.of(threads) + "\"");
        }
        return Integer.parseInt(threads);
    }
}
