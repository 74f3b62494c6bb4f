package io.ketju.cluster.node;

import io.ketju.cluster.link.DataPath;
import io.ketju.protocol.dataplane.PlaneSecurity;
import io.ketju.protocol.security.ClusterSecret;
import io.ketju.protocol.security.InvalidCredentialsException;
import io.ketju.protocol.security.LoopbackSecret;
import io.ketju.protocol.security.NodeCredentials;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a JVM takes part in a cluster.
 *
 * @param host address that others reach this JVM at; loopback only, unless it has a certificate
 * @param port control port; 0 for any free one
 * @param seedNodes {@code host:port} of nodes to join by; empty: this node begins a new cluster
 * @param workers workers to wait for before a run starts, at least 1
 * @param joinTimeout longest wait for them, above 0
 * @param dataPath what tensors may take on their way to other JVMs
 * @param launched who has started workers for a run: their processes are watched
 * @param certificates who this node is; empty: a secret that this user's processes on this machine share
 */
public record ClusterOptions(
        String host,
        int port,
        List<String> seedNodes,
        int workers,
        Duration joinTimeout,
        DataPath dataPath,
        WorkerLauncher launched,
        Optional<NodeCredentials> certificates) {
    /** Throws {@link InvalidClusterException} with one line for anything out of range. */
    public ClusterOptions {
        seedNodes = List.copyOf(seedNodes);
        if (port < 0 || port > 65_535) {
            throw new InvalidClusterException("port: expected 0 to 65535, found " + port);
        }
        if (workers < 1) {
            throw new InvalidClusterException("workers: expected at least 1, found " + workers);
        }
        if (!joinTimeout.isPositive()) {
            throw new InvalidClusterException("join timeout: expected a time above 0, found " + joinTimeout);
        }
        boolean anywhere = certificates.isPresent();
        requireReachable(host, anywhere);
        seedNodes.forEach(node -> requireSeedNode(node, anywhere));
        certificates.ifPresent(node -> node.requireName(host));
    }

    /**
     * Takes part without a certificate, with workers that are nobody's children here, and shared memory where both sides find it.
     *
     * @param host address that others reach this JVM at: a loopback one
     * @param port control port; 0 for any free one
     * @param seedNodes {@code host:port} of nodes to join by; empty: this node begins a new cluster
     * @param workers workers to wait for before a run starts, at least 1
     * @param joinTimeout longest wait for them, above 0
     * @throws InvalidClusterException with one line for anything out of range
     */
    public ClusterOptions(String host, int port, List<String> seedNodes, int workers, Duration joinTimeout) {
        this(host, port, seedNodes, workers, joinTimeout, DataPath.AUTO, WorkerLauncher.NONE, Optional.empty());
    }

    /**
     * {@return the same with another control port}
     *
     * @param other 0 for any free one, at most 65,535
     * @throws InvalidClusterException if it is out of range
     */
    public ClusterOptions withPort(int other) {
        return new ClusterOptions(host, other, seedNodes, workers, joinTimeout, dataPath, launched, certificates);
    }

    /**
     * {@return the same with another longest wait for workers}
     *
     * @param other that wait, above 0
     * @throws InvalidClusterException if it is not
     */
    public ClusterOptions withJoinTimeout(Duration other) {
        return new ClusterOptions(host, port, seedNodes, workers, other, dataPath, launched, certificates);
    }

    /**
     * {@return the same with another path for tensors}
     *
     * @param other what they may take on their way to other JVMs
     */
    public ClusterOptions withDataPath(DataPath other) {
        return new ClusterOptions(host, port, seedNodes, workers, joinTimeout, other, launched, certificates);
    }

    /**
     * {@return the same with a certificate, or with none}
     *
     * @param others who this node is; empty: a secret that this user's processes on this machine share
     * @throws InvalidClusterException without one, if an address is not a loopback one
     */
    public ClusterOptions withCertificates(Optional<NodeCredentials> others) {
        return new ClusterOptions(host, port, seedNodes, workers, joinTimeout, dataPath, launched, others);
    }

    /** By what data planes know each other: the same as the control planes do. */
    PlaneSecurity dataSecurity() {
        return certificates.map(PlaneSecurity::of).orElseGet(() -> PlaneSecurity.of(secret()));
    }

    /**
     * {@return what this user's processes on this machine know each other by, where there are no certificates}
     *
     * @throws InvalidClusterException with one line if the secret cannot be read or made
     */
    public static ClusterSecret secret() {
        try {
            return LoopbackSecret.ofUser();
        } catch (InvalidCredentialsException e) {
            throw new InvalidClusterException(String.valueOf(e.getMessage()), e);
        }
    }

    private static void requireSeedNode(String node, boolean anywhere) {
        if (!isHostAndPort(node)) {
            throw new InvalidClusterException(
                    "seed node: expected HOST:PORT with a port from 1 to 65535, found '" + node + "'");
        }
        requireReachable(node.substring(0, node.lastIndexOf(':')), anywhere);
    }

    /** Whether something can be at a text, as far as the text says. */
    static boolean isHostAndPort(String text) {
        int colon = text.lastIndexOf(':');
        String port = text.substring(colon + 1);
        return colon > 0
                && port.matches("[0-9]{1,5}")
                && Integer.parseInt(port) > 0
                && Integer.parseInt(port) <= 65_535;
    }

    /** What is not loopback is open to strangers. A name that is not known here yet may be known later. */
    private static void requireReachable(String host, boolean anywhere) {
        if (anywhere) {
            return;
        }
        try {
            if (!InetAddress.getByName(host).isLoopbackAddress()) {
                throw new InvalidClusterException(
                        "host " + host
                                + ": expected a loopback address such as 127.0.0.1: others are reached with certificates alone;"
                                + " make them by 'ketju certs new --out DIR --nodes NAME,...' and give each node its own by --certs");
            }
        } catch (UnknownHostException e) {
            throw new InvalidClusterException("host '" + host + "': no such address; use 127.0.0.1", e);
        }
    }
}
