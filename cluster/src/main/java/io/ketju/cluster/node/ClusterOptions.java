package io.ketju.cluster.node;

import io.ketju.cluster.link.DataPath;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/**
 * How a JVM takes part in a cluster.
 *
 * @param host address that others reach this JVM at; loopback only, until connections are encrypted
 * @param port control port; 0 for any free one
 * @param seedNodes {@code host:port} of nodes to join by; empty: this node begins a new cluster
 * @param workers workers to wait for before a run starts, at least 1
 * @param joinTimeout longest wait for them
 * @param dataPath what tensors may take on their way to other JVMs
 * @param launched who has started workers for a run: their processes are watched
 */
public record ClusterOptions(
        String host,
        int port,
        List<String> seedNodes,
        int workers,
        Duration joinTimeout,
        DataPath dataPath,
        WorkerLauncher launched) {
    /** Throws {@link InvalidClusterException} with one line for anything out of range. */
    public ClusterOptions {
        seedNodes = List.copyOf(seedNodes);
        if (port < 0 || port > 65_535) {
            throw new InvalidClusterException("port: expected 0 to 65535, found " + port);
        }
        if (workers < 1) {
            throw new InvalidClusterException("workers: expected at least 1, found " + workers);
        }
        requireLoopback(host);
        seedNodes.forEach(ClusterOptions::requireSeedNode);
    }

    /** Workers that are nobody's children here. */
    public ClusterOptions(String host, int port, List<String> seedNodes, int workers, Duration joinTimeout) {
        this(host, port, seedNodes, workers, joinTimeout, DataPath.AUTO, WorkerLauncher.NONE);
    }

    /** The same with another port. */
    public ClusterOptions withPort(int other) {
        return new ClusterOptions(host, other, seedNodes, workers, joinTimeout, dataPath, launched);
    }

    /** The same with another way for tensors. */
    public ClusterOptions withDataPath(DataPath other) {
        return new ClusterOptions(host, port, seedNodes, workers, joinTimeout, other, launched);
    }

    private static void requireSeedNode(String node) {
        int colon = node.lastIndexOf(':');
        if (colon < 1
                || !node.substring(colon + 1).matches("[0-9]{1,5}")
                || Integer.parseInt(node.substring(colon + 1)) > 65_535
                || Integer.parseInt(node.substring(colon + 1)) == 0) {
            throw new InvalidClusterException(
                    "seed node: expected HOST:PORT with a port from 1 to 65535, found '" + node + "'");
        }
        requireLoopback(node.substring(0, colon));
    }

    private static void requireLoopback(String host) {
        try {
            if (!InetAddress.getByName(host).isLoopbackAddress()) {
                throw new InvalidClusterException(
                        "host " + host
                                + ": expected a loopback address such as 127.0.0.1: without encryption nothing else is allowed");
            }
        } catch (UnknownHostException e) {
            throw new InvalidClusterException("host '" + host + "': no such address; use 127.0.0.1", e);
        }
    }
}
