package io.ketju.protocol.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoopbackCredentialsTest {
    private static final Instant NOW = Instant.now();

    @TempDir
    private Path temporary;

    @Test
    void theyAreMadeOnceAndNobodyElsesToRead() throws IOException {
        Path folder = temporary.resolve("state/loopback");
        NodeCredentials first = LoopbackCredentials.in(folder, NOW);
        NodeCredentials second = LoopbackCredentials.in(folder, NOW);

        // Names are not compared: all nodes show this one certificate.
        assertThatCode(() -> Handshake.run(first.connectingEngine("127.0.0.9", 1), second.acceptingEngine()))
                .doesNotThrowAnyException();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))).isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(Path::getFileName).map(Path::toString))
                    .containsExactlyInAnyOrder("ca.pem", "node.pem", "node-key.pem"); // no key of the authority
        }
    }

    @Test
    void whoeverCannotReadThemIsRefused() {
        NodeCredentials ours = LoopbackCredentials.in(temporary.resolve("ours"), NOW);
        NodeCredentials theirs = LoopbackCredentials.in(temporary.resolve("theirs"), NOW);

        assertThatThrownBy(() -> Handshake.run(theirs.connectingEngine("127.0.0.1", 1), ours.acceptingEngine()))
                .isInstanceOf(javax.net.ssl.SSLException.class);
        assertThatThrownBy(() -> Handshake.run(ours.connectingEngine("127.0.0.1", 1), theirs.acceptingEngine()))
                .isInstanceOf(javax.net.ssl.SSLException.class);
    }

    @Test
    void manyWhoMakeThemAtOnceGetTheSame() throws Exception {
        Path folder = temporary.resolve("shared");
        Set<Instant> ends = new HashSet<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            Callable<NodeCredentials> make = () -> LoopbackCredentials.in(folder, NOW);
            List<Future<NodeCredentials>> made = threads.invokeAll(Stream.generate(() -> make).limit(8).toList());
            NodeCredentials one = made.getFirst().get();
            for (Future<NodeCredentials> other : made) {
                ends.add(other.get().expiry());
                Handshake.run(one.connectingEngine("127.0.0.1", 1), other.get().acceptingEngine());
            }
        }
        assertThat(ends).hasSize(1);
        try (Stream<Path> files = Files.list(temporary)) {
            assertThat(files).containsExactly(folder);
        }
    }

    @Test
    void aFolderThatIsOpenToOthersIsRefused() throws IOException {
        Path folder = temporary.resolve("open");
        LoopbackCredentials.in(folder, NOW);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxr-x"));

        assertThatThrownBy(() -> LoopbackCredentials.in(folder, NOW))
                .isInstanceOf(InvalidCredentialsException.class)
                .hasMessage(folder + ": expected a folder of its owner alone (rwx------); delete it, it is made anew");
    }
}
