package io.ketju.deploy.command;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.ketju.cluster.link.DataPath;
import io.ketju.cluster.node.ClusterOptions;
import io.ketju.cluster.node.WorkerLauncher;
import io.ketju.cluster.node.WorkerProcess;
import io.ketju.protocol.security.CertificateAuthority;
import io.ketju.protocol.security.NodeCredentials;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Whoever is refused at the control port of a real node is in its log, with the address and the reason. */
class RefusedStrangersTest {
    private static final int PATIENCE_MILLIS = 60_000;
    private static final byte[] PLAIN = "GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII);

    @TempDir
    private Path folder;

    private final Logger logger = (Logger) LoggerFactory.getLogger("io.ketju.cluster.security");
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(logged);
    }

    @Test
    void withinOneMachine() throws IOException {
        try (WorkerProcess worker = worker(Optional.empty())) {
            int port = sent(worker, PLAIN);
            assertThat(lines())
                    .containsExactly("control port: refused a connection from 127.0.0.1:" + port
                            + ": it is no node of a cluster within this machine");
        }
    }

    @Test
    void withCertificates() throws IOException {
        CertificateAuthority authority = CertificateAuthority.create("test", Instant.now());
        NodeCredentials stranger = issued(CertificateAuthority.create("other", Instant.now()), Instant.now());
        NodeCredentials expired = issued(authority, Instant.now().minus(Duration.ofDays(400)));
        try (WorkerProcess worker = worker(Optional.of(issued(authority, Instant.now())))) {
            requireLine(sent(worker, PLAIN), "");
            requireLine(shaken(worker, stranger, "TLSv1.3"), "");
            requireLine(shaken(worker, expired, "TLSv1.3"), "");
            requireLine(shaken(worker, expired, "TLSv1.2"), "TLSv1.2");
        }
    }

    /** The newest one. */
    private void requireLine(int port, String reason) {
        assertThat(lines())
                .last()
                .asString()
                .startsWith("control port: refused a connection from 127.0.0.1:" + port + ": ")
                .contains(reason);
    }

    private List<String> lines() {
        return List.copyOf(logged.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    /** Returns the stranger's port when it has been refused. */
    private static int sent(WorkerProcess worker, byte[] bytes) throws IOException {
        try (Socket socket = connect(worker)) {
            int port = socket.getLocalPort();
            try {
                socket.getOutputStream().write(bytes);
                while (socket.getInputStream().read() >= 0) {} // an alert may come first
            } catch (SocketException e) {
                assertThat(e).hasMessageContaining("reset");
            }
            return port;
        }
    }

    /** The same for one that speaks TLS. */
    private static int shaken(WorkerProcess worker, NodeCredentials client, String protocol) throws IOException {
        try (Socket plain = connect(worker);
                SSLSocket socket = (SSLSocket)
                        client.context().getSocketFactory().createSocket(plain, "127.0.0.1", plain.getPort(), true)) {
            socket.setEnabledProtocols(new String[] {protocol});
            var parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"ketju-control/2"});
            socket.setSSLParameters(parameters);
            assertThatThrownBy(() -> {
                        socket.startHandshake();
                        socket.getInputStream().read(); // of TLS 1.3 a client hears later that it is refused
                    })
                    .isInstanceOfAny(SSLException.class, SocketException.class);
            return plain.getLocalPort();
        }
    }

    private static Socket connect(WorkerProcess worker) throws IOException {
        String[] address = worker.address().split(":", 2);
        Socket socket = new Socket(address[0], Integer.parseInt(address[1]));
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static WorkerProcess worker(Optional<NodeCredentials> certificates) {
        return WorkerProcess.start(
                new ClusterOptions(
                        "127.0.0.1",
                        0,
                        List.of(),
                        1,
                        Duration.ofSeconds(90),
                        DataPath.AUTO,
                        WorkerLauncher.NONE,
                        certificates),
                1,
                event -> {});
    }

    private NodeCredentials issued(CertificateAuthority authority, Instant when) throws IOException {
        Path its = Files.createTempDirectory(folder, "node");
        authority.issue(its, List.of("127.0.0.1"), when, CertificateAuthority.NODE_VALIDITY);
        return NodeCredentials.read(its);
    }
}
