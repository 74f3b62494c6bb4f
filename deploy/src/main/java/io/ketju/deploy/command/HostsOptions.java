package io.ketju.deploy.command;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.cluster.link.DataPath;
import io.ketju.cluster.node.ClusterOptions;
import io.ketju.deploy.display.Terminal;
import io.ketju.deploy.hosts.HostCluster;
import io.ketju.deploy.hosts.HostsFile;
import io.ketju.deploy.hosts.WorkerHost;
import io.ketju.protocol.security.NodeCredentials;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code ketju launch} takes to start workers on other hosts. */
final class HostsOptions {
    private static final String HOSTS = "--hosts";
    private static final String SSH_CONFIG = "--ssh-config";

    @Option(
            names = HOSTS,
            paramLabel = "FILE",
            description =
                    "Start a worker on each host of this file over ssh, a line each: [user@]host [threads=N] [port=P]"
                            + " [identity=FILE] [certs=DIR] [address=HOST].")
    private @Nullable Path file;

    @Option(
            names = SSH_CONFIG,
            paramLabel = "FILE",
            description = "With --hosts, a file in place of your own settings for ssh.")
    private @Nullable Path sshConfig;

    @Mixin
    private final CertificateOptions identity = new CertificateOptions();

    /** The hosts; empty: all is on this machine. Throws {@link InvalidJobException} for what belongs to hosts alone. */
    Optional<List<WorkerHost>> hosts() {
        if (file == null) {
            if (sshConfig != null) {
                throw new InvalidJobException(SSH_CONFIG + ": expected " + HOSTS + " FILE beside it, found none");
            }
            if (identity.isGiven()) {
                throw new InvalidJobException("--certs, --host: expected " + HOSTS
                        + " FILE beside them, found none: workers of one machine need" + " neither");
            }
            return Optional.empty();
        }
        if (sshConfig != null && !Files.isReadable(sshConfig)) {
            throw new InvalidJobException(SSH_CONFIG + ": expected a readable file, found none at " + sshConfig);
        }
        return Optional.of(HostsFile.read(file));
    }

    /** What is wanted of the hosts. */
    HostCluster.Request request(List<WorkerHost> hosts, Terminal terminal, List<String> arguments) {
        Optional<NodeCredentials> certificates = identity.given(terminal);
        return new HostCluster.Request(
                hosts, certificates, identity.chosenHost(), Optional.ofNullable(sshConfig), arguments);
    }

    /** How a run reaches what has been started: with a host for each stage, and the others in case one is lost. */
    static ClusterOptions options(HostCluster cluster, int hosts, TrainingJob job, DataPath path) {
        return new ClusterOptions(
                cluster.meeting().host(),
                cluster.meeting().port(),
                List.of(cluster.meeting().toString()),
                Math.min(hosts, job.stages()),
                ClusterFlags.JOIN_TIMEOUT,
                path,
                cluster.workers(),
                Optional.of(cluster.own()));
    }
}
