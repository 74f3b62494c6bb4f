package io.ketju.deploy.command;

import io.ketju.cluster.node.InvalidClusterException;
import io.ketju.cluster.security.ControlGreeting;
import io.ketju.cluster.security.Identity;
import io.ketju.deploy.display.Terminal;
import io.ketju.deploy.launch.Address;
import io.ketju.protocol.security.InvalidCredentialsException;
import io.ketju.protocol.security.LoopbackSecret;
import io.ketju.protocol.security.NodeCredentials;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ketju ping}: whether a node answers, for whoever watches over processes. */
@Command(
        name = "ping",
        description =
                "Ask a node of a cluster whether it answers, for at most 5 seconds. Exit code 0: it does; 1: it does not.",
        sortOptions = false,
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {"  ketju ping 127.0.0.1:7355", "  ketju ping a.example:7355 --certs certs/b.example"})
final class PingCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int USUAL_PORT = 7355;
    private static final String LOOPBACK = "127.0.0.1";

    private final Terminal terminal;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "HOST:PORT",
            description = "Where the node is reached; by default this host, as the certificate calls it first, at port "
                    + USUAL_PORT + ".")
    private @Nullable String address;

    @Option(
            names = CertificateOptions.CERTS,
            paramLabel = "DIR",
            description = "A certificate of the node's authority; by default what the environment has as "
                    + CertificateOptions.ENVIRONMENT + ". Without one, loopback alone.")
    private @Nullable Path folder;

    PingCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Optional<NodeCredentials> certificates = certificates();
        String usual = certificates.map(own -> own.names().getFirst()).orElse(LOOPBACK) + ":" + USUAL_PORT;
        Address asked = Address.parse("ping", address == null ? usual : address, certificates.isPresent());
        try {
            ControlGreeting.exchange(identity(certificates), asked.host(), asked.port(), PATIENCE);
            terminal.out().println(asked + " answers");
            return CommandLineInterface.OK;
        } catch (IOException e) {
            terminal.err().println("ketju ping: " + asked + " does not answer: " + why(e));
            return CommandLineInterface.FAILED;
        } finally {
            terminal.out().flush();
            terminal.err().flush();
        }
    }

    private Optional<NodeCredentials> certificates() {
        String given = System.getenv().getOrDefault(CertificateOptions.ENVIRONMENT, "");
        Optional<Path> chosen =
                Optional.ofNullable(folder).or(() -> given.isBlank() ? Optional.empty() : Optional.of(Path.of(given)));
        try {
            Optional<NodeCredentials> read = chosen.map(NodeCredentials::read);
            read.ifPresent(own -> own.requireValid(Instant.now()));
            return read;
        } catch (InvalidCredentialsException e) {
            throw new InvalidClusterException(CertificateOptions.CERTS + ": " + e.getMessage(), e);
        }
    }

    private static Identity identity(Optional<NodeCredentials> certificates) {
        try {
            return certificates
                    .<Identity>map(Identity.Certified::new)
                    .orElseGet(() -> new Identity.Shared(LoopbackSecret.ofUser()));
        } catch (InvalidCredentialsException e) {
            throw new InvalidClusterException(String.valueOf(e.getMessage()), e);
        }
    }

    private static String why(IOException failure) {
        return switch (failure) {
            case ConnectException e -> "nobody listens there";
            case SocketTimeoutException e -> "nothing came within " + PATIENCE.toSeconds() + " s";
            default -> String.valueOf(failure.getMessage());
        };
    }
}
