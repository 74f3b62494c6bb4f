package io.ketju.protocol.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoopbackSecretTest {
    private static final byte[] PART = {1, 2, 3};

    @TempDir
    private Path temporary;

    @Test
    void itIsMadeOnceAndNobodyElsesToRead() throws IOException {
        Path folder = temporary.resolve("state/ketju");

        byte[] proof = LoopbackSecret.in(folder).proof(PART);

        assertThat(LoopbackSecret.in(folder).isProof(proof, PART)).isTrue();
        assertThat(LoopbackSecret.in(temporary.resolve("another")).isProof(proof, PART))
                .isFalse();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("cluster-secret"))))
                .isEqualTo("rw-------");
    }

    @Test
    void manyWhoMakeItAtOnceGetTheSame() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            Callable<ClusterSecret> make = () -> LoopbackSecret.in(temporary);
            List<Future<ClusterSecret>> made =
                    threads.invokeAll(Stream.generate(() -> make).limit(8).toList());
            byte[] proof = made.getFirst().get().proof(PART);
            for (Future<ClusterSecret> other : made) {
                assertThat(other.get().isProof(proof, PART)).isTrue();
            }
        }
        try (Stream<Path> files = Files.list(temporary)) {
            assertThat(files).containsExactly(temporary.resolve("cluster-secret"));
        }
    }

    @Test
    void oneThatOthersMayReadIsRefused() throws IOException {
        LoopbackSecret.in(temporary);
        Path file = temporary.resolve("cluster-secret");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(() -> LoopbackSecret.in(temporary))
                .isInstanceOf(InvalidCredentialsException.class)
                .hasMessageStartingWith(
                        file + ": a cluster's secret is for its owner alone (rw-------), found rw-r--r--");
    }

    @Test
    void whereNothingCanBeKeptThatIsSaid() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));

        assertThatThrownBy(() -> LoopbackSecret.in(file.resolve("ketju")))
                .isInstanceOf(InvalidCredentialsException.class)
                .hasMessageContaining("cannot keep this machine's secret there")
                .hasMessageContaining("XDG_STATE_HOME");
    }
}
