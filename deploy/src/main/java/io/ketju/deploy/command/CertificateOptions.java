package io.ketju.deploy.command;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.cluster.node.InvalidClusterException;
import io.ketju.deploy.display.Terminal;
import io.ketju.deploy.launch.Address;
import io.ketju.protocol.security.InvalidCredentialsException;
import io.ketju.protocol.security.NodeCredentials;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who this process is to others, and where they reach it. */
final class CertificateOptions {
    /** The flag for the folder of certificates. */
    static final String CERTS = "--certs";

    /** The same in the environment. */
    static final String ENVIRONMENT = "KETJU_CERTS";

    private static final String LOOPBACK = "127.0.0.1";

    @Option(
            names = CERTS,
            paramLabel = "DIR",
            description = "This node's certificate, as ketju certs makes it; by default what the environment has as "
                    + ENVIRONMENT + ". Without one, loopback alone.")
    private @Nullable Path folder;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description =
                    "Where others reach this process; by default the first name in its certificate, or 127.0.0.1.")
    private @Nullable String host;

    /**
     * The certificate; says on the terminal if it ends soon. Throws {@link InvalidClusterException} with one line if
     * it cannot be used.
     */
    Optional<NodeCredentials> certificates(Terminal terminal) {
        return given(terminal)
                .or(() -> ofEnvironment(System.getenv()).map(chosen -> read(ENVIRONMENT, chosen, terminal)));
    }

    /** The certificate that a flag names. */
    Optional<NodeCredentials> given(Terminal terminal) {
        return Optional.ofNullable(folder).map(chosen -> read(CERTS, chosen, terminal));
    }

    /** Whether there is a flag. */
    boolean isGiven() {
        return folder != null || host != null;
    }

    /** The folder that the environment names. */
    static Optional<Path> ofEnvironment(Map<String, String> environment) {
        String given = environment.getOrDefault(ENVIRONMENT, "");
        return given.isBlank() ? Optional.empty() : Optional.of(Path.of(given));
    }

    /**
     * The certificate in a folder; see {@link #certificates}.
     *
     * @param where what errors call it
     */
    static NodeCredentials read(String where, Path folder, Terminal terminal) {
        try {
            NodeCredentials read = NodeCredentials.read(folder);
            read.requireValid(Instant.now()).ifPresent(line -> {
                terminal.err().println("ketju: " + line);
                terminal.err().flush();
            });
            return read;
        } catch (InvalidCredentialsException e) {
            throw new InvalidClusterException(where + ": " + e.getMessage(), e);
        }
    }

    /** Where this process is reached; throws {@link InvalidJobException} if it may not be there. */
    String host(Optional<NodeCredentials> certificates) {
        return Address.host("--host", host != null ? host : ownName(certificates), certificates.isPresent());
    }

    /** Where a process is reached if nobody says so. */
    static String ownName(Optional<NodeCredentials> certificates) {
        return certificates.map(node -> node.names().getFirst()).orElse(LOOPBACK);
    }

    /** The host that somebody chose. */
    Optional<String> chosenHost() {
        return Optional.ofNullable(host);
    }
}
