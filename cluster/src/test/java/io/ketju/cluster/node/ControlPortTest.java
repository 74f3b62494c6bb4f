package io.ketju.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import io.ketju.actors.message.Assignment;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.RunTicket;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.run.ActorSystems;
import io.ketju.actors.run.Training;
import io.ketju.actors.worker.WorkerEvent;
import io.ketju.cluster.KetjuCluster;
import io.ketju.cluster.TinyJob;
import io.ketju.cluster.link.DataPath;
import io.ketju.protocol.security.CertificateAuthority;
import io.ketju.protocol.security.NodeCredentials;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What strangers can do at the control port of a real worker: nothing that a run would notice. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ControlPortTest {
    private static final int PATIENCE_MILLIS = 60_000;

    /** More connections than a node keeps that have not proved who they are. */
    private static final int CROWD = 300;

    @SuppressWarnings("TimeInStaticInitializer") // certificates are valid from now on
    private static final Instant NOW = Instant.now();

    @TempDir
    private Path folder;

    @Test
    void withinOneMachineStrangersAndFloodsCostTheirConnectionsOnly() throws IOException {
        try (WorkerProcess worker = WorkerProcess.start(options(List.of(), Optional.empty()), 1, event -> {});
                Socket silent = connect(worker);
                Socket halfway = connect(worker)) {
            halfway.getOutputStream().write("KETJU".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            requireClosed(worker, flood(0x7fffffff));
            requireClosed(worker, flood(0xffffffff));
            requireClosed(worker, new byte[] {22, 3, 1, 0, 1, 0}); // TLS
            List<Socket> idle = new ArrayList<>();
            try {
                for (int i = 0; i < CROWD; i++) {
                    idle.add(connect(worker));
                }
                train(worker, Optional.empty());
                requireEnd(silent);
                requireEnd(halfway);
            } finally {
                for (Socket socket : idle) {
                    socket.close();
                }
            }
        }
    }

    /** More than there is room for, at once: the oldest of their address go, long before their time is over. */
    @Test
    void aCrowdFromOneAddressTakesNoPlaceOfAnother() throws IOException {
        List<Socket> crowd = new ArrayList<>();
        try (WorkerProcess worker = WorkerProcess.start(options(List.of(), Optional.empty()), 1, event -> {});
                Socket other = new Socket()) {
            other.bind(new InetSocketAddress("127.0.0.2", 0));
            other.connect(address(worker), PATIENCE_MILLIS);
            try {
                for (int i = 0; i < CROWD; i++) {
                    crowd.add(connect(worker));
                }
                requireEnd(crowd.getFirst());
                other.setSoTimeout(1);
                assertThatThrownBy(() -> other.getInputStream().read())
                        .as("it is older than all others, and alone at its address")
                        .isInstanceOf(SocketTimeoutException.class);
            } finally {
                for (Socket socket : crowd) {
                    socket.close();
                }
            }
        }
    }

    @Test
    void withCertificatesOnlyThoseOfTheAuthorityAreHeard() throws Exception {
        CertificateAuthority authority = CertificateAuthority.create("test", NOW);
        Optional<NodeCredentials> node = Optional.of(issued(authority, NOW, "127.0.0.1"));
        NodeCredentials stranger = issued(CertificateAuthority.create("test", NOW), NOW, "127.0.0.1");
        NodeCredentials expired = issued(authority, NOW.minus(Duration.ofDays(400)), "127.0.0.1");
        try (WorkerProcess worker = WorkerProcess.start(options(List.of(), node), 1, event -> {})) {
            requireClosed(worker, flood(0x7fffffff));
            requireClosed(worker, "GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(talks(worker, stranger, "TLSv1.3", "ketju-control/3")).isFalse();
            assertThat(talks(worker, expired, "TLSv1.3", "ketju-control/3")).isFalse();
            assertThat(talks(worker, node.orElseThrow(), "TLSv1.2", "ketju-control/3"))
                    .isFalse();
            assertThat(talks(worker, node.orElseThrow(), "TLSv1.3", "ketju-control/2"))
                    .isFalse();
            assertThat(talks(worker, node.orElseThrow(), "TLSv1.3", "ketju-control/99"))
                    .isFalse();
            assertThat(talks(worker, node.orElseThrow(), "TLSv1.3", "ketju-control/3"))
                    .isTrue();
            train(worker, node);
        }
    }

    /** It knows the secret and has not joined: it neither ends the worker nor has it place stages. */
    @Test
    void whoIsNoCoordinatorOfTheClusterCommandsNothing() {
        List<WorkerEvent> events = Collections.synchronizedList(new ArrayList<>());
        try (WorkerProcess worker = WorkerProcess.start(options(List.of(), Optional.empty()), 1, events::add)) {
            ActorSystem<CoordinatorCommand> evil = NodeSystem.start(
                    Behaviors.ignore(),
                    options(List.of(), Optional.empty()),
                    NodeSystem.COORDINATOR,
                    NodeSystem.board(NodeSystem.COORDINATOR, 0));
            try {
                requireClosedSettings(evil.settings().config());
                ActorRef<WorkerCommand> target = ActorRefResolver.get(evil)
                        .resolveActorRef("pekko://" + NodeSystem.NAME + "@" + worker.address() + "/user/worker");
                var pipeline = TinyJob.builder().build().pipeline();
                target.tell(new WorkerCommand.PlaceStages(
                        new RunTicket(1, 2, 3),
                        pipeline,
                        Assignment.contiguous(pipeline.placement(), 1),
                        0,
                        Optional.empty(),
                        evil,
                        "evil"));
                Adapter.toClassic(target).tell(PoisonPill.getInstance(), org.apache.pekko.actor.ActorRef.noSender());
                train(worker, Optional.empty());
            } finally {
                ActorSystems.terminate(evil);
            }
        }
        assertThat(events)
                .filteredOn(WorkerEvent.Assigned.class::isInstance)
                .hasSize(1)
                .noneMatch(event -> ((WorkerEvent.Assigned) event).run().equals("evil"));
        assertThat(events)
                .noneMatch(event ->
                        event instanceof WorkerEvent.Ended ended && ended.run().equals("evil"));
    }

    /** As every node has them. */
    private static void requireClosedSettings(Config node) {
        assertThat(node.getBoolean("pekko.remote.artery.untrusted-mode")).isTrue();
        assertThat(node.getBoolean("pekko.remote.deployment.enable-allow-list")).isTrue();
        assertThat(node.getList("pekko.remote.deployment.allowed-actor-classes"))
                .isEmpty();
        assertThat(node.getBoolean("pekko.actor.allow-java-serialization")).isFalse();
    }

    private NodeCredentials issued(CertificateAuthority authority, Instant when, String name) throws IOException {
        Path its = java.nio.file.Files.createTempDirectory(folder, "node");
        authority.issue(its, List.of(name), when, CertificateAuthority.NODE_VALIDITY);
        return NodeCredentials.read(its);
    }

    private static ClusterOptions options(List<String> seedNodes, Optional<NodeCredentials> node) {
        return new ClusterOptions(
                "127.0.0.1", 0, seedNodes, 1, Duration.ofSeconds(90), DataPath.AUTO, WorkerLauncher.NONE, node);
    }

    private static void train(WorkerProcess worker, Optional<NodeCredentials> node) {
        try (Training training =
                KetjuCluster.start(TinyJob.builder().build(), options(List.of(worker.address()), node))) {
            training.await();
        }
    }

    /** What made Pekko's reader give out the same bytes for ever. */
    private static byte[] flood(int length) {
        ByteBuffer bytes = ByteBuffer.allocate(69).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {'A', 'K', 'K', 'A', 1}).putInt(length);
        while (bytes.hasRemaining()) {
            bytes.put((byte) 'x');
        }
        return bytes.array();
    }

    private static Socket connect(WorkerProcess worker) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(address(worker), PATIENCE_MILLIS);
        return socket;
    }

    private static InetSocketAddress address(WorkerProcess worker) {
        String[] address = worker.address().split(":", 2);
        return new InetSocketAddress(address[0], Integer.parseInt(address[1]));
    }

    /** Fails by a time-out where the worker keeps the connection. */
    private static void requireClosed(WorkerProcess worker, byte[] sent) throws IOException {
        try (Socket socket = connect(worker)) {
            socket.getOutputStream().write(sent);
            while (socket.getInputStream().read() >= 0) {} // an alert may come first
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }

    /** Fails by a time-out where the worker keeps a connection that says nothing, or stops in the middle of its greeting. */
    private static void requireEnd(Socket socket) throws IOException {
        try {
            assertThat(socket.getInputStream().read()).isNegative();
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }

    /** Whether the worker still listens to this client after the handshake: it closes what it refuses. */
    private static boolean talks(WorkerProcess worker, NodeCredentials client, String protocol, String version)
            throws IOException {
        try (Socket plain = connect(worker);
                SSLSocket socket = (SSLSocket)
                        client.context().getSocketFactory().createSocket(plain, "127.0.0.1", plain.getPort(), true)) {
            socket.setEnabledProtocols(new String[] {protocol});
            var parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {version});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            socket.setSoTimeout(3000); // a refusal comes at once; who is heard hears nothing
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (SSLException | SocketException e) {
            return false;
        }
    }
}
