package io.ketju.deploy.command;

import io.ketju.actors.checkpoint.RootFolders;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobLimits;
import io.ketju.cluster.link.DataPath;
import io.ketju.cluster.node.ClusterOptions;
import io.ketju.cluster.node.WorkerLauncher;
import io.ketju.cluster.node.WorkerProcess;
import io.ketju.deploy.config.NodeKey;
import io.ketju.deploy.config.NodeSettings;
import io.ketju.deploy.display.Terminal;
import io.ketju.deploy.launch.Address;
import io.ketju.protocol.security.NodeCredentials;
import io.ketju.tensor.Excerpt;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the settings of a node come to, checked.
 *
 * @param options how it takes part in its cluster
 * @param place what it has of its machine
 * @param leaveWithin how long it has to hand over its stages when it is told to end
 */
record NodePlan(ClusterOptions options, WorkerProcess.Place place, Duration leaveWithin) {
    /** Five seconds less than Kubernetes gives a pod that says nothing else: the end itself takes some too. */
    static final Duration LEAVE_WITHIN = Duration.ofSeconds(25);

    private static final int LONGEST_LEAVE_SECONDS = 86_400;
    private static final String WORKER = "worker";

    /**
     * Throws an exception with one line, which says who has set what is wrong.
     *
     * @param certificates folder that the environment names for all commands
     */
    static NodePlan of(NodeSettings settings, Optional<Path> certificates, Terminal terminal) {
        Optional<NodeCredentials> identity = settings.get(NodeKey.CERTS)
                .map(given -> CertificateOptions.read(given.where(), path(given), terminal))
                .or(() -> certificates.map(
                        folder -> CertificateOptions.read(CertificateOptions.ENVIRONMENT, folder, terminal)));
        List<Address> seeds = seeds(settings, identity.isPresent(), terminal);
        settings.get(NodeKey.ROLE).filter(role -> !role.text().equals(WORKER)).ifPresent(role -> {
            throw new InvalidJobException(
                    role.where() + ": expected worker, found \"" + Excerpt.of(role.text()) + "\"");
        });
        WorkerProcess.Place place = place(settings);
        Address own = own(settings, identity);
        ClusterOptions options = new ClusterOptions(
                own.host(),
                own.port(),
                seeds.stream().map(Address::toString).toList(),
                1,
                ClusterFlags.JOIN_TIMEOUT,
                dataPath(settings),
                WorkerLauncher.NONE,
                identity);
        Duration leaveWithin = settings.get(NodeKey.LEAVE_WITHIN)
                .map(given -> Duration.ofSeconds(given.number(0, LONGEST_LEAVE_SECONDS)))
                .orElse(LEAVE_WITHIN);
        return new NodePlan(options, place, leaveWithin);
    }

    private static List<Address> seeds(NodeSettings settings, boolean certified, Terminal terminal) {
        NodeSettings.Given given = settings.get(NodeKey.SEEDS)
                .orElseThrow(() -> new InvalidJobException(NodeKey.SEEDS.flags().getFirst()
                        + ": expected where the cluster meets, HOST:PORT or several with commas, found none, neither in "
                        + NodeKey.SEEDS.variable() + " of the environment nor as " + NodeKey.SEEDS.path()
                        + " in a file of --config"));
        List<Address> seeds = Address.meeting(given.where(), given.texts(), certified);
        ClusterFlags.note(terminal, given.where(), seeds);
        return seeds;
    }

    /** Port and host of this process; the port is free. */
    private static Address own(NodeSettings settings, Optional<NodeCredentials> identity) {
        String host = settings.get(NodeKey.HOST)
                .map(given -> Address.host(given.where(), given.text(), identity.isPresent()))
                .orElseGet(() -> Address.host("--host", CertificateOptions.ownName(identity), identity.isPresent()));
        Optional<NodeSettings.Given> port = settings.get(NodeKey.PORT);
        Address own = new Address(
                host,
                port.map(given -> Address.port(given.where(), given.text(), 0)).orElse(0));
        if (own.port() != 0) {
            own.requireFree(port.orElseThrow().where());
        }
        return own;
    }

    private static WorkerProcess.Place place(NodeSettings settings) {
        int threads = settings.get(NodeKey.THREADS)
                .map(given -> given.number(1, JobLimits.THREADS))
                .orElse(Runtime.getRuntime().availableProcessors());
        List<Path> roots = settings.get(NodeKey.ROOTS)
                .map(given -> given.texts().stream()
                        .map(text -> path(given.where(), text))
                        .toList())
                .orElse(List.of(Path.of("")));
        return new WorkerProcess.Place(threads, settings.get(NodeKey.TRACE).map(NodePlan::path), RootFolders.of(roots));
    }

    private static DataPath dataPath(NodeSettings settings) {
        return settings.get(NodeKey.DATA_PATH)
                .map(given -> ClusterFlags.dataPath(given.where(), given.text()))
                .orElse(DataPath.AUTO);
    }

    private static Path path(NodeSettings.Given given) {
        return path(given.where(), given.text());
    }

    private static Path path(String where, String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new InvalidJobException(where + ": expected a path, found \"" + Excerpt.of(text) + "\"", e);
        }
    }
}
