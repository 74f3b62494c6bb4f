package io.ketju.protocol.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.protocol.dataplane.DataPlaneException.Reason;
import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.FrameKind;
import io.ketju.protocol.frame.TensorKind;
import io.ketju.protocol.security.CertificateAuthority;
import io.ketju.protocol.security.NodeCredentials;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS between planes: who is trusted, who is not, and that a run goes on beside those who are not. */
@Timeout(60)
class EncryptedPlaneTest {
    @SuppressWarnings("TimeInStaticInitializer") // certificates are valid from now on
    private static final Instant NOW = Instant.now();

    private static final List<String> HERE = List.of("localhost", "127.0.0.1", "::1");

    @TempDir
    static Path folder;

    private static NodeCredentials left;
    private static NodeCredentials right;
    /** Of this authority, which is over. */
    private static NodeCredentials expired;
    /** Of another authority that calls itself as this one, and trusts this one. */
    private static NodeCredentials foreign;
    /** Of this authority, for another host. */
    private static NodeCredentials elsewhere;

    @BeforeAll
    static void certify() throws IOException {
        CertificateAuthority authority = CertificateAuthority.create("test", NOW);
        left = node(authority, "left", HERE, NOW);
        right = node(authority, "right", HERE, NOW);
        elsewhere = node(authority, "elsewhere", List.of("elsewhere.example", "10.1.2.3"), NOW);
        expired = node(authority, "expired", HERE, NOW.minus(Duration.ofDays(30)));
        node(CertificateAuthority.create("test", NOW), "foreign", HERE, NOW);
        Files.copy(
                folder.resolve("left").resolve(NodeCredentials.AUTHORITY),
                folder.resolve("foreign").resolve(NodeCredentials.AUTHORITY),
                StandardCopyOption.REPLACE_EXISTING);
        foreign = NodeCredentials.read(folder.resolve("foreign"));
    }

    private static NodeCredentials node(CertificateAuthority authority, String name, List<String> names, Instant from)
            throws IOException {
        Path of = Files.createDirectory(folder.resolve(name));
        authority.issue(of, names, from, Duration.ofDays(20));
        return NodeCredentials.read(of);
    }

    /** A stranger, and what the node writes about it. */
    enum Stranger {
        WITHOUT_A_CERTIFICATE("Empty client certificate chain") {
            @Override
            void knock(InetSocketAddress at) throws Exception {
                SSLContext nobody = SSLContext.getInstance("TLSv1.3");
                nobody.init(null, new TrustManager[] {new Credulous()}, null);
                speak(nobody, at, "TLSv1.3");
            }
        },
        OF_ANOTHER_AUTHORITY("Path does not chain with any of the trust anchors") {
            @Override
            void knock(InetSocketAddress at) throws Exception {
                speak(foreign.context(), at, "TLSv1.3");
            }
        },
        EXPIRED("NotAfter") {
            @Override
            void knock(InetSocketAddress at) throws Exception {
                speak(expired.context(), at, "TLSv1.3");
            }
        },
        OF_TLS_1_2("TLSv1.2") {
            @Override
            void knock(InetSocketAddress at) throws Exception {
                speak(left.context(), at, "TLSv1.2");
            }
        },
        OF_TLS_1_1("TLSv1.1") {
            @Override
            void knock(InetSocketAddress at) throws Exception {
                send(at, helloOfTls11());
            }
        },
        WITHOUT_ENCRYPTION("speaks without encryption") {
            @Override
            void knock(InetSocketAddress at) throws Exception {
                EdgeId edge = Traffic.EDGE;
                send(at, RawPeer.message(FrameKind.HELLO, edge, Hellos.of(edge, "test", false)));
            }
        };

        private final String line;

        Stranger(String line) {
            this.line = line;
        }

        abstract void knock(InetSocketAddress at) throws Exception;
    }

    @ParameterizedTest
    @EnumSource(Stranger.class)
    void aStrangerIsRefusedInOneLineAndTheRunGoesOn(Stranger stranger) throws Exception {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        DataPlane from = DataPlane.open(with(left));
        DataPlane to = DataPlane.open(with(right), lines::add);
        try (Traffic traffic = new Traffic(from, to, 10_000)) {
            traffic.pass(2);
            stranger.knock(to.address());
            traffic.pass(2);
            assertThat(lines.poll(20, TimeUnit.SECONDS))
                    .contains(stranger.line)
                    .contains("/127.0.0.1:")
                    .doesNotContain("\n");
            traffic.pass(2);
            assertThat(lines).isEmpty();
            from.close();
        }
    }

    @Test
    void aNodeUnderAnotherNameIsNotSentAnything() throws Exception {
        assertUntrusted(left, elsewhere, "No subject alternative DNS name matching localhost found");
    }

    @Test
    void aNodeOfAnotherAuthorityOrAnExpiredOneIsNotSentAnything() throws Exception {
        assertUntrusted(left, foreign, "Path does not chain with any of the trust anchors");
        assertUntrusted(left, expired, "NotAfter");
    }

    @Test
    void aNodeWithoutEncryptionIsNotSentAnything() throws Exception {
        try (DataPlane from = DataPlane.open(with(left));
                DataPlane to = DataPlane.open(DataPlaneOptions.defaults())) {
            assertFails(from, to, "speaks without encryption");
            assertThatThrownBy(() -> connect(to, from))
                    .cause()
                    .isInstanceOfSatisfying(
                            DataPlaneException.class,
                            e -> assertThat(e.reason()).isIn(Reason.REFUSED, Reason.END_OF_STREAM));
        }
    }

    /** The name that the plan gives is compared, not the address that it stands for. */
    @Test
    void aNameIsComparedAsItWasGiven() throws Exception {
        DataPlane from = DataPlane.open(with(left));
        DataPlane to = DataPlane.open(
                with(right).withBind(new InetSocketAddress(java.net.InetAddress.getByName("localhost"), 0)));
        assertThat(to.address().getHostString()).isEqualTo("localhost");
        try (Traffic traffic = new Traffic(from, to, 16)) {
            traffic.pass(3);
            from.close();
        }
    }

    @Test
    void tensorsLargerThanARecordComeWholeOverAllTransports() throws Exception {
        for (Transport transport : Transport.values()) {
            if (SocketKind.isAvailable(transport)) {
                DataPlane from = DataPlane.open(with(left).withTransport(transport));
                DataPlane to = DataPlane.open(with(right).withTransport(transport));
                try (Traffic traffic = new Traffic(from, to, 1 << 20)) {
                    assertThat(traffic.carrier()).isEqualTo("sockets");
                    traffic.pass(3);
                    from.close();
                }
            }
        }
    }

    @Test
    void memoryIsSharedByThoseWhoTrustEachOther(@TempDir Path shared) throws Exception {
        DataPlane from = DataPlane.open(with(left).withSharing(Sharing.in(shared)));
        DataPlane to = DataPlane.open(with(right).withSharing(Sharing.in(shared)));
        try (Traffic traffic = new Traffic(from, to, 100)) {
            assertThat(traffic.carrier()).isEqualTo("shared memory");
            traffic.pass(5);
            from.close();
        }
    }

    @Test
    void whoNeverSpeaksIsClosedAtTheDeadline() throws Exception {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        DataPlaneOptions.Timing hurried = new DataPlaneOptions.Timing(
                Duration.ofSeconds(5),
                Duration.ofMillis(50),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                Duration.ofMillis(50));
        try (DataPlane plane = DataPlane.open(with(right).withTiming(hurried), lines::add);
                RawPeer silent = RawPeer.connect(plane.address())) {
            silent.awaitEnd();
            assertThat(lines.poll(20, TimeUnit.SECONDS)).contains("no complete handshake within 50 ms");
        }
    }

    private static DataPlaneOptions with(NodeCredentials credentials) {
        return DataPlaneOptions.defaults().withSecurity(PlaneSecurity.of(credentials));
    }

    private static void assertUntrusted(NodeCredentials sender, NodeCredentials receiver, String why) {
        try (DataPlane from = DataPlane.open(with(sender));
                DataPlane to = DataPlane.open(with(receiver))) {
            assertFails(from, to, why);
        }
    }

    private static void assertFails(DataPlane from, DataPlane to, String why) {
        assertThatThrownBy(() -> connect(from, to))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        DataPlaneException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNTRUSTED))
                .hasMessageContaining(why)
                .hasMessageContaining("127.0.0.1");
    }

    private static void connect(DataPlane from, DataPlane to) throws Exception {
        EdgeId edge = new EdgeId(1, 2, 3, 0, 1, TensorKind.FED);
        from.connect(to.address(), edge, cause -> {}).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** Speaks TLS until the other side ends it, which it must. */
    private static void speak(SSLContext with, InetSocketAddress at, String protocol) throws IOException {
        try (SSLSocket socket = (SSLSocket) with.getSocketFactory().createSocket(at.getAddress(), at.getPort())) {
            socket.setSoTimeout(20_000);
            socket.setEnabledProtocols(new String[] {protocol});
            assertThatThrownBy(() -> {
                        socket.startHandshake();
                        if (socket.getInputStream().read() < 0) {
                            throw new IOException("the end");
                        }
                    })
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(java.net.SocketTimeoutException.class);
        }
    }

    private static void send(InetSocketAddress at, byte[] bytes) throws IOException {
        try (Socket socket = new Socket(at.getAddress(), at.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(bytes);
            socket.getInputStream().readAllBytes();
        }
    }

    /** RFC 4346, 7.4.1.2: no JDK speaks it any more. */
    private static byte[] helloOfTls11() {
        ByteArrayOutputStream hello = new ByteArrayOutputStream();
        hello.writeBytes(new byte[] {3, 2});
        hello.writeBytes(new byte[32]);
        hello.writeBytes(new byte[] {0, 0, 4, (byte) 0xC0, 0x13, (byte) 0xC0, 0x09, 1, 0});
        byte[] body = hello.toByteArray();
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        record.writeBytes(new byte[] {22, 3, 1, 0, (byte) (body.length + 4), 1, 0, 0, (byte) body.length});
        record.writeBytes(body);
        return record.toByteArray();
    }

    /** Believes any certificate. */
    private static final class Credulous implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
