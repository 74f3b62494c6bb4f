package io.ketju.deploy.command;

import io.ketju.actors.job.TrainingFailedException;
import io.ketju.cluster.node.ClusterStatus;
import io.ketju.deploy.display.StatusJson;
import io.ketju.deploy.display.StatusText;
import io.ketju.deploy.display.Terminal;
import io.ketju.deploy.launch.Address;
import io.ketju.protocol.security.NodeCredentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ketju status}: what the nodes of a cluster do. */
@Command(
        name = "status",
        description =
                "Show the nodes of a cluster and its runs. Nothing there is disturbed: nobody joins, and no message is sent.",
        sortOptions = false,
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ketju status --cluster 127.0.0.1:7355",
            "  ketju status --cluster a.example:7355,b.example:7355 --certs b.example --json"
        })
final class StatusCommand implements Callable<Integer> {
    /** For one node; the whole takes twice as long at most. */
    private static final Duration EACH = Duration.ofSeconds(3);

    private final Terminal terminal;

    @Option(
            names = "--cluster",
            required = true,
            paramLabel = "HOST:PORT,...",
            description = "Nodes to ask, one or several; the others are known to them.")
    private String cluster = "";

    @Option(
            names = CertificateOptions.CERTS,
            paramLabel = "DIR",
            description = "Who asks: a node's certificate; by default what the environment has as "
                    + CertificateOptions.ENVIRONMENT + ", or without one the secret of this user on this machine.")
    private @Nullable Path folder;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    StatusCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Optional<NodeCredentials> certificates = Optional.ofNullable(folder)
                .or(() -> CertificateOptions.ofEnvironment(System.getenv()))
                .map(chosen -> CertificateOptions.read(CertificateOptions.CERTS, chosen, terminal));
        List<Address> meeting = ClusterFlags.meeting("--cluster", cluster, certificates.isPresent());
        ClusterStatus found =
                ClusterStatus.ask(meeting.stream().map(Address::toString).toList(), certificates, EACH);
        if (!found.answered()) {
            throw new TrainingFailedException("no node answers: "
                    + found.nodes().stream()
                            .map(node -> node.address() + ": " + node.trouble())
                            .collect(Collectors.joining("; ")));
        }
        if (json) {
            terminal.out().println(StatusJson.of(found));
        } else {
            terminal.print(StatusText.lines(found, terminal));
        }
        return CommandLineInterface.OK;
    }
}
