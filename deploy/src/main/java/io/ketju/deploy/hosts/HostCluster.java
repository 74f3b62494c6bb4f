package io.ketju.deploy.hosts;

import io.ketju.cluster.node.InvalidClusterException;
import io.ketju.deploy.launch.Address;
import io.ketju.protocol.security.NodeCredentials;
import io.ketju.tensor.Excerpt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Workers on other hosts, and how a run of this process reaches them; they end when this is closed.
 *
 * @param meeting where they meet: this process is to be there
 * @param own who this process is to them
 */
public record HostCluster(HostWorkers workers, Address meeting, NodeCredentials own) implements AutoCloseable {
    /** Any port but 0 will do: nothing is sent. */
    private static final int SOME_PORT = 9;

    /**
     * What is wanted.
     *
     * @param hosts one worker each
     * @param certificates of this process, where the hosts have theirs; empty: all are made for this launch
     * @param ownHost where the hosts reach this process; empty: where the way to the first of them begins
     * @param sshConfig a file in place of the user's own for ssh
     * @param arguments of each worker's command line, beside where it meets and who it is
     */
    public record Request(
            List<WorkerHost> hosts,
            Optional<NodeCredentials> certificates,
            Optional<String> ownHost,
            Optional<Path> sshConfig,
            List<String> arguments) {
        public Request {
            hosts = List.copyOf(hosts);
            arguments = List.copyOf(arguments);
        }
    }

    /**
     * Copies what hosts do not have yet, and starts the workers. Throws {@link InvalidClusterException} with one line, and has started
     * nothing, if a host is not ready.
     *
     * @param lines hears what happens on the hosts; called by any thread
     */
    public static HostCluster start(Request request, Consumer<String> lines) {
        Distribution distribution = Distribution.ofProcess();
        request.hosts().forEach(HostCluster::resolved);
        String own = request.ownHost()
                .or(() -> request.certificates().map(node -> node.names().getFirst()))
                .orElseGet(() -> ownAddress(request.hosts().getFirst()));
        HostCertificates certificates = HostCertificates.of(request.hosts(), request.certificates(), own);
        Address meeting = Address.free(own);
        Ssh ssh = new Ssh(request.sshConfig());
        new HostPreparation(ssh, distribution, lines).prepare(request.hosts());
        List<String> arguments = new ArrayList<>(List.of("--seeds", meeting.toString()));
        arguments.addAll(request.arguments());
        String options = System.getenv().getOrDefault("KETJU_JAVA_OPTS", ""); // as this process has them
        HostLaunch launch = new HostLaunch(ssh, distribution, certificates, arguments, options);
        try {
            return new HostCluster(HostWorkers.start(launch, request.hosts(), lines), meeting, certificates.own());
        } catch (UncheckedIOException e) {
            throw new InvalidClusterException("--hosts: " + e.getMessage() + ": " + e.getCause(), e);
        }
    }

    private static InetAddress resolved(WorkerHost host) {
        try {
            return InetAddress.getByName(host.address());
        } catch (UnknownHostException e) {
            throw new InvalidClusterException(
                    host.where() + ": expected a host that is known here, found \"" + Excerpt.of(host.address())
                            + "\"; if only ssh knows it, address=HOST says where its worker is reached",
                    e);
        }
    }

    /** This machine's address on the way to a host. */
    private static String ownAddress(WorkerHost host) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(resolved(host), SOME_PORT));
            return socket.getLocalAddress().getHostAddress();
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new InvalidClusterException(
                    host.where() + ": no way leads to " + host.address() + ": " + e.getMessage()
                            + "; --host says where the hosts reach this process",
                    e);
        }
    }

    @Override
    public void close() {
        workers.close();
    }
}
