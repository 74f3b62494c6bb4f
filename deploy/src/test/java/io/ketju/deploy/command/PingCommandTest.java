package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.ketju.cluster.link.DataPath;
import io.ketju.cluster.node.ClusterOptions;
import io.ketju.cluster.node.WorkerLauncher;
import io.ketju.cluster.node.WorkerProcess;
import io.ketju.cluster.security.ControlGreeting;
import io.ketju.cluster.security.Identity;
import io.ketju.deploy.launch.Address;
import io.ketju.protocol.security.CertificateAuthority;
import io.ketju.protocol.security.LoopbackSecret;
import io.ketju.protocol.security.NodeCredentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Real nodes are asked whether they answer; they log nothing of it. */
class PingCommandTest {
    private static final int MANY = 40;

    @TempDir
    private Path folder;

    @Test
    void aNodeOfThisUserAnswersAndLogsNothing() {
        ListAppender<ILoggingEvent> logged = listening();
        try (WorkerProcess worker = WorkerProcess.start(options(Optional.empty()), 1, event -> {})) {
            for (int i = 0; i < MANY; i++) {
                InProcess ping = InProcess.run("ping", worker.address());
                assertThat(ping.err()).isEmpty();
                assertThat(ping.out()).isEqualTo(worker.address() + " answers\n");
                assertThat(ping.exitCode()).isZero();
            }
        }
        assertThat(logged.list).isEmpty();
    }

    @Test
    void certificatesAndNamesAreCompared() throws IOException {
        CertificateAuthority authority = CertificateAuthority.create("test", Instant.now());
        Path own = issued(authority, "a", "127.0.0.1");
        Path other = issued(authority, "b", "b.example");
        Path stranger = issued(CertificateAuthority.create("test", Instant.now()), "c", "127.0.0.1");
        ListAppender<ILoggingEvent> logged = listening();
        try (WorkerProcess worker =
                WorkerProcess.start(options(Optional.of(NodeCredentials.read(own))), 1, event -> {})) {
            String port = worker.address().substring(worker.address().lastIndexOf(':'));
            for (Path certificate : List.of(own, other)) {
                InProcess ping = InProcess.run("ping", worker.address(), "--certs", certificate.toString());
                assertThat(ping.err()).isEmpty();
                assertThat(ping.exitCode()).isZero();
            }
            assertThat(logged.list).isEmpty();
            silent("localhost" + port, own);
            silent(worker.address(), stranger);
        }
    }

    @Test
    void whereNoNodeIsThatIsSaid() throws IOException {
        Address nobody = Address.free("127.0.0.1");
        InProcess ping = InProcess.run("ping", nobody.toString());
        assertThat(ping.exitCode()).isEqualTo(CommandLineInterface.FAILED);
        assertThat(ping.err()).isEqualTo("ketju ping: " + nobody + " does not answer: nobody listens there\n");
        try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Identity identity = new Identity.Shared(LoopbackSecret.ofUser());
            Assertions.assertThatThrownBy(() -> ControlGreeting.exchange(
                            identity, "127.0.0.1", mute.getLocalPort(), Duration.ofMillis(100)))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void whatCannotBeAskedIsOneLine() {
        for (String[] wrong : List.of(
                new String[] {"ping", "127.0.0.1"},
                new String[] {"ping", "127.0.0.1:0"},
                new String[] {"ping", "192.0.2.1:7355"},
                new String[] {
                    "ping", "127.0.0.1:7355", "--certs", folder.resolve("none").toString()
                })) {
            InProcess ping = InProcess.run(wrong);
            assertThat(ping.exitCode()).as(ping.err()).isEqualTo(CommandLineInterface.BAD_INPUT);
            assertThat(ping.err().lines()).hasSize(1);
        }
    }

    private static void silent(String address, Path certificate) {
        InProcess ping = InProcess.run("ping", address, "--certs", certificate.toString());
        assertThat(ping.exitCode()).as(ping.out()).isEqualTo(CommandLineInterface.FAILED);
        assertThat(ping.err().lines()).hasSize(1);
        assertThat(ping.err()).startsWith("ketju ping: " + address + " does not answer: ");
    }

    private Path issued(CertificateAuthority authority, String name, String host) throws IOException {
        Path its = folder.resolve(name);
        authority.issue(its, List.of(host), Instant.now(), CertificateAuthority.NODE_VALIDITY);
        return its;
    }

    private static ClusterOptions options(Optional<NodeCredentials> certificates) {
        return new ClusterOptions(
                "127.0.0.1", 0, List.of(), 1, Duration.ofSeconds(90), DataPath.AUTO, WorkerLauncher.NONE, certificates);
    }

    /** What the control port logs from now on. */
    private static ListAppender<ILoggingEvent> listening() {
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        ((Logger) LoggerFactory.getLogger("io.ketju.cluster.security")).addAppender(logged);
        return logged;
    }
}
