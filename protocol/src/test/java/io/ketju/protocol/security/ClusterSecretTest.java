package io.ketju.protocol.security;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterSecretTest {
    private static final byte[] PART = {1, 2, 3};

    @TempDir
    Path folder;

    @Test
    void comesBackFromItsFileWhichIsItsOwnersAlone() throws Exception {
        ClusterSecret secret = ClusterSecret.random();
        Path file = folder.resolve("secret");
        secret.write(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(ClusterSecret.read(file).isProof(secret.proof(PART), PART)).isTrue();
        assertThat(ClusterSecret.random().isProof(secret.proof(PART), PART)).isFalse();
        assertThatThrownBy(() -> secret.write(file)).isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void aFileThatOthersCanReadIsRefused() throws Exception {
        Path file = folder.resolve("secret");
        ClusterSecret.random().write(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> ClusterSecret.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("for its owner alone (rw-------), found rw-r-----");
    }

    @Test
    void whatIsNoSecretIsRefused() throws Exception {
        Path file = folder.resolve("secret");
        assertThatThrownBy(() -> ClusterSecret.read(file)).hasMessageContaining("no file with a cluster's secret");
        for (String text : new String[] {"", "00", "x".repeat(64), "0".repeat(65), "0".repeat(64) + "\n\n"}) {
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, text);
            assertThatThrownBy(() -> ClusterSecret.read(file))
                    .as(text)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("64 hexadecimal digits");
        }
        Path link = folder.resolve("link");
        Files.createSymbolicLink(link, file);
        assertThatThrownBy(() -> ClusterSecret.read(link)).hasMessageContaining("no file with a cluster's secret");
    }

    /** The values are Python's: hmac and hashlib over the same bytes. */
    @Test
    void derivesAndProvesAsTheStandardsSay() {
        ClusterSecret secret = ClusterSecret.derived("0123456789abcdef".getBytes(US_ASCII), "data plane");
        assertThat(HexFormat.of().formatHex(secret.proof("receiver".getBytes(US_ASCII), PART)))
                .isEqualTo("63be09e35ce8f27b1378243a30f9115295071c5359ed680ae95b424fd993a408");
        assertThatThrownBy(() -> ClusterSecret.derived(new byte[15], "data plane"))
                .hasMessageContaining("16 bytes or more, got 15");
    }

    @Test
    void partsCannotBeShiftedAndNothingIsShown() {
        ClusterSecret secret = ClusterSecret.random();
        byte[] proof = secret.proof(new byte[] {1, 2}, new byte[] {3});
        assertThat(secret.isProof(proof, new byte[] {1}, new byte[] {2, 3})).isFalse();
        assertThat(secret.isProof(proof, PART)).isFalse();
        assertThat(secret.isProof(new byte[0], PART)).isFalse();
        assertThat(secret).hasToString("ClusterSecret");
    }
}
