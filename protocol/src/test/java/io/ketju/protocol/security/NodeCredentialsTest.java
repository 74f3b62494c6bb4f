package io.ketju.protocol.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeCredentialsTest {
    @SuppressWarnings("TimeInStaticInitializer") // certificates are valid from now on
    private static final Instant NOW = Instant.now();

    @TempDir
    private Path folder;

    private final CertificateAuthority authority = CertificateAuthority.create("test", NOW);

    @Test
    void nodesOfOneAuthorityTalk() throws IOException {
        NodeCredentials a = node("a", "a.example", "10.0.0.1");
        NodeCredentials b = node("b", "b.example", "10.0.0.2", "fd00::2");

        assertThat(b.names()).containsExactly("b.example", "10.0.0.2", "fd00:0:0:0:0:0:0:2");
        for (String name : List.of("b.example", "10.0.0.2", "fd00::2")) {
            SSLEngine connecting = a.connectingEngine(name, 1);
            assertThatCode(() -> Handshake.run(connecting, b.acceptingEngine())).doesNotThrowAnyException();
            assertThat(connecting.getSession().getProtocol()).isEqualTo("TLSv1.3");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.example", "10.0.0.3", "c.example", "localhost"})
    void aRightCertificateUnderAWrongNameIsRefused(String name) throws IOException {
        NodeCredentials a = node("a", "a.example");
        NodeCredentials b = node("b", "b.example", "10.0.0.2");

        assertThatThrownBy(() -> Handshake.run(a.connectingEngine(name, 1), b.acceptingEngine()))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void anotherAuthorityIsRefusedOnBothSides() throws IOException {
        NodeCredentials ours = node("a", "a.example");
        NodeCredentials theirs = issued("x", CertificateAuthority.create("test", NOW), NOW, "a.example");

        assertThatThrownBy(() -> Handshake.run(theirs.connectingEngine("a.example", 1), ours.acceptingEngine()))
                .isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> Handshake.run(ours.connectingEngine("a.example", 1), theirs.acceptingEngine()))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void anExpiredOneIsRefusedByTheOthersAndByItsOwnNode() throws IOException {
        NodeCredentials a = node("a", "a.example");
        NodeCredentials old = issued("old", authority, NOW.minus(Duration.ofDays(366)), "old.example");

        assertThatThrownBy(() -> Handshake.run(old.connectingEngine("a.example", 1), a.acceptingEngine()))
                .isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> Handshake.run(a.connectingEngine("old.example", 1), old.acceptingEngine()))
                .isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> old.requireValid(NOW))
                .isInstanceOf(InvalidCredentialsException.class)
                .hasMessageContaining("node.pem: expired on ")
                .hasMessageContaining("ketju certs renew");
    }

    @Test
    void itsEndIsWarnedOf() throws IOException {
        NodeCredentials a = node("a", "a.example");

        assertThat(a.requireValid(a.expiry().minus(Duration.ofDays(15)))).isEmpty();
        assertThat(a.requireValid(a.expiry().minus(Duration.ofDays(13))))
                .hasValueSatisfying(line -> assertThat(line).contains("in 13 days"));
        assertThatThrownBy(() -> a.requireValid(NOW.minus(Duration.ofDays(1))))
                .isInstanceOf(InvalidCredentialsException.class)
                .hasMessageContaining("is valid from");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.1", "TLSv1"})
    void nothingOlderIsSpoken(String version) throws IOException {
        NodeCredentials a = node("a", "a.example");
        SSLEngine old = a.connectingEngine("a.example", 1);
        old.setEnabledProtocols(new String[] {version});
        SSLEngine oldServer = a.acceptingEngine();
        oldServer.setEnabledProtocols(new String[] {version});

        assertThatThrownBy(() -> Handshake.run(old, a.acceptingEngine())).isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> Handshake.run(a.connectingEngine("a.example", 1), oldServer))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void whatOthersMayReadIsNoKey() throws IOException {
        node("a", "a.example");
        Path key = folder.resolve("a").resolve(NodeCredentials.KEY);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> NodeCredentials.read(folder.resolve("a")))
                .isInstanceOf(InvalidCredentialsException.class)
                .hasMessage(key + ": a key must be its owner's alone, found rw-r-----; run chmod 600 " + key);
    }

    @Test
    void whatDoesNotBelongTogetherIsRefused() throws IOException {
        node("a", "a.example");
        node("b", "b.example");
        Path key = folder.resolve("a").resolve(NodeCredentials.KEY);
        Files.copy(
                folder.resolve("b").resolve(NodeCredentials.KEY),
                key,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING,
                java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);

        assertThatThrownBy(() -> NodeCredentials.read(folder.resolve("a")))
                .isInstanceOf(InvalidCredentialsException.class)
                .hasMessage(key + ": expected the key of node.pem, found another");
        Files.writeString(key, "nonsense");
        assertThatThrownBy(() -> NodeCredentials.read(folder.resolve("a")))
                .isInstanceOf(InvalidCredentialsException.class)
                .hasMessageContaining("expected a key as PEM");
        assertThatThrownBy(() -> NodeCredentials.read(folder.resolve("nowhere")))
                .isInstanceOf(InvalidCredentialsException.class)
                .hasMessageContaining("ca.pem: cannot be read: no such file")
                .hasMessageContaining("ketju certs new");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "-a", "a..b", "1.2", "300.1.1.1", "a,b", "*", "häst", "a/b"})
    void whatIsNoNameGetsNoCertificate(String name) {
        assertThatThrownBy(() -> node("x", name))
                .isInstanceOf(InvalidCredentialsException.class)
                .hasMessageContaining("expected a DNS name or an IP address");
    }

    @Test
    void aStoredAuthorityIssuesMore() throws IOException {
        NodeCredentials a = node("a", "a.example");
        authority.store(folder);
        NodeCredentials late = issued("late", CertificateAuthority.read(folder), NOW, "late.example");

        assertThatCode(() -> Handshake.run(a.connectingEngine("late.example", 1), late.acceptingEngine()))
                .doesNotThrowAnyException();
    }

    @Test
    void aNodeKnowsWhetherOthersWillFindItsName() throws IOException {
        NodeCredentials a = node("a", "a.example", "fd00::2");

        a.requireName("A.example");
        a.requireName("fd00:0::2");
        assertThatThrownBy(() -> a.requireName("10.0.0.9"))
                .isInstanceOf(InvalidCredentialsException.class)
                .hasMessageContaining("is of a.example, fd00:0:0:0:0:0:0:2, expected 10.0.0.9");
    }

    private NodeCredentials node(String name, String... names) throws IOException {
        return issued(name, authority, NOW, names);
    }

    private NodeCredentials issued(String name, CertificateAuthority by, Instant when, String... names)
            throws IOException {
        Path its = folder.resolve(name);
        by.issue(its, List.of(names), when, CertificateAuthority.NODE_VALIDITY);
        return NodeCredentials.read(its);
    }
}
