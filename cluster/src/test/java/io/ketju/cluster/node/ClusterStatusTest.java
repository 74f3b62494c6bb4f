package io.ketju.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.checkpoint.RootFolders;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.run.ActorSystems;
import io.ketju.actors.run.Training;
import io.ketju.cluster.KetjuCluster;
import io.ketju.cluster.TinyJob;
import io.ketju.cluster.link.DataPath;
import io.ketju.cluster.status.NodeStatus;
import io.ketju.protocol.security.CertificateAuthority;
import io.ketju.protocol.security.NodeCredentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What real nodes say of themselves, and what nodes do that say nothing. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ClusterStatusTest {
    private static final Duration EACH = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    @Test
    void aRunIsSeenWithItsStagesAndNobodyJoins() {
        WorkerProcess.Place place = new WorkerProcess.Place(2, Optional.empty(), RootFolders.anywhere());
        try (WorkerProcess worker = WorkerProcess.start(options(List.of(), Optional.empty()), place, event -> {})) {
            NodeStatus free = only(ask(worker, Optional.empty()));
            assertThat(free.address()).isEqualTo(worker.address());
            assertThat(free.role()).isEqualTo("worker");
            assertThat(free.threads()).isEqualTo(2);
            assertThat(free.held()).isEmpty();

            TrainingJob job = TinyJob.builder()
                    .stages(2)
                    .runDirectory(folder.resolve("run"))
                    .build();
            AtomicReference<@Nullable ClusterStatus> during = new AtomicReference<>();
            TrainingListener asks = event -> {
                if (event instanceof TrainingEvent.StepFinished step && step.step() == 3) {
                    during.set(ask(worker, Optional.empty()));
                }
            };
            try (Training training =
                    KetjuCluster.start(job, options(List.of(worker.address()), Optional.empty()), asks)) {
                training.await();
            }
            requireRun(worker, java.util.Objects.requireNonNull(during.get()));
        }
    }

    private void requireRun(WorkerProcess worker, ClusterStatus status) {
        assertThat(status.nodes()).hasSize(2).allSatisfy(node -> {
            assertThat(node.trouble()).isEmpty();
            assertThat(node.member()).map(NodeStatus.Member::state).contains("up");
            assertThat(node.status().orElseThrow().members())
                    .as("whoever asks is none")
                    .hasSize(2);
        });
        ClusterStatus.Node director = status.nodes().stream()
                .filter(node -> !node.address().equals(worker.address()))
                .findFirst()
                .orElseThrow();
        assertThat(director.status().orElseThrow().directed()).hasValueSatisfying(run -> {
            assertThat(run.job()).isEqualTo("tiny");
            assertThat(run.folder()).isEqualTo(folder.resolve("run").toString());
            assertThat(run.state()).isEqualTo("runs");
            assertThat(run.epoch()).isEqualTo(1);
            assertThat(run.step()).isEqualTo(3);
            assertThat(run.steps()).isEqualTo(8);
            assertThat(run.stages()).isEqualTo(2);
            assertThat(run.restarts()).isZero();
        });
        NodeStatus holder = status.nodes().stream()
                .filter(node -> node.address().equals(worker.address()))
                .findFirst()
                .flatMap(ClusterStatus.Node::status)
                .orElseThrow();
        assertThat(holder.held()).contains(new NodeStatus.Held("run", director.address(), List.of(0, 1), 2, true));
    }

    /** A node may say anything of its members; the others are asked all the same. */
    @ParameterizedTest
    @ValueSource(strings = {"nowhere", "127.0.0.1:any", "127.0.0.1:70000", "127.0.0.1:", ":25520"})
    void whatIsNoAddressIsALineOfTrouble(String address) {
        ClusterStatus status = ClusterStatus.ask(List.of(address), Optional.empty(), EACH);
        assertThat(status.answered()).isFalse();
        assertThat(trouble(status, address))
                .isEqualTo("expected HOST:PORT with a port from 1 to 65535, found '" + address + "'");
    }

    /** Nobody there; a stranger that says nothing; one that closes: each is named, and the one that answers is shown. */
    @Test
    void whoDoesNotAnswerIsNamed() throws IOException {
        try (WorkerProcess worker = WorkerProcess.start(options(List.of(), Optional.empty()), 1, event -> {});
                ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                ServerSocket closing = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.startVirtualThread(() -> closeAll(closing));
            String gone;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                gone = at(free);
            }
            ask(worker, Optional.empty()); // by now it is warm
            ClusterStatus status = ClusterStatus.ask(
                    List.of(worker.address(), at(silent), at(closing), gone), Optional.empty(), Duration.ofSeconds(2));
            assertThat(trouble(status, worker.address())).isEmpty();
            assertThat(trouble(status, at(silent))).isEqualTo("no answer within 2 s");
            assertThat(trouble(status, at(closing))).startsWith("it closed the connection");
            assertThat(trouble(status, gone)).contains("refused");
            assertThat(status.answered()).isTrue();
        }
    }

    @Test
    void certificatesAreWantedWhereThereAreSomeAndAnotherVersionIsNamed() throws IOException {
        CertificateAuthority authority = CertificateAuthority.create("test", Instant.now());
        Optional<NodeCredentials> node = Optional.of(issued(authority));
        Optional<NodeCredentials> stranger = Optional.of(issued(CertificateAuthority.create("other", Instant.now())));
        ActorSystem<Void> newer = NodeSystem.start(
                Behaviors.<Void>ignore(),
                options(List.of(), node),
                NodeSystem.WORKER,
                new io.ketju.cluster.status.StatusBoard(NodeSystem.WORKER, 99, 1));
        try {
            String address = ClusterMembership.hostPort(org.apache.pekko.cluster.typed.Cluster.get(newer)
                    .selfMember()
                    .address());
            ClusterStatus status = ClusterStatus.ask(List.of(address), node, EACH);
            assertThat(trouble(status, address)).startsWith("speaks version 99 of the control messages, this is ");
            assertThat(only(status).members()).as("it has joined nothing").isEmpty();
            assertThat(ClusterStatus.ask(List.of(address), stranger, EACH).answered())
                    .isFalse();
            assertThat(ClusterStatus.ask(List.of(address), Optional.empty(), EACH)
                            .answered())
                    .isFalse();
        } finally {
            ActorSystems.terminate(newer);
        }
    }

    private static void closeAll(ServerSocket server) {
        try {
            while (true) {
                Socket socket = server.accept();
                socket.close();
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private NodeCredentials issued(CertificateAuthority authority) throws IOException {
        Path its = Files.createTempDirectory(folder, "node");
        authority.issue(its, List.of("127.0.0.1"), Instant.now(), CertificateAuthority.NODE_VALIDITY);
        return NodeCredentials.read(its);
    }

    private static ClusterOptions options(List<String> seedNodes, Optional<NodeCredentials> node) {
        return new ClusterOptions("127.0.0.1", 0, seedNodes, 1, EACH, DataPath.AUTO, WorkerLauncher.NONE, node);
    }

    private static ClusterStatus ask(WorkerProcess worker, Optional<NodeCredentials> certificates) {
        return ClusterStatus.ask(List.of(worker.address()), certificates, EACH);
    }

    private static NodeStatus only(ClusterStatus status) {
        assertThat(status.nodes()).hasSize(1);
        return status.nodes().getFirst().status().orElseThrow();
    }

    private static String trouble(ClusterStatus status, String address) {
        List<String> found = new ArrayList<>();
        status.nodes().stream()
                .filter(node -> node.address().equals(address))
                .forEach(node -> found.add(node.trouble()));
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private static String at(ServerSocket server) {
        return "127.0.0.1:" + server.getLocalPort();
    }
}
