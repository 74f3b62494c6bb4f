package io.ketju.protocol.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyAccessTest {
    @ParameterizedTest
    @CsvSource({
        "r--------, false, true",
        "rw-------, false, true",
        "r--r-----, false, false",
        "rw-r-----, false, false",
        "rw----r--, false, false",
        "r--------, true, true",
        "r--r-----, true, true",
        "rw-r-----, true, true",
        "rw-rw----, true, false",
        "r--r-x---, true, false",
        "r--r--r--, true, false",
        "---------, true, true"
    })
    void aGroupMayReadWhatRootHandsOver(String permissions, boolean handed, boolean narrow) {
        assertThat(new KeyAccess(PosixFilePermissions.fromString(permissions), handed).narrow())
                .isEqualTo(narrow);
    }

    /** A process that made a file is its owner: nobody has handed it over, whether the process is root's or not. */
    @Test
    void anOwnFileIsNotHandedOver(@TempDir Path folder) throws IOException {
        Path key = Files.createFile(folder.resolve("key"));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), key);
        assertThat(KeyAccess.of(key).handed()).isFalse();
        assertThat(KeyAccess.of(link).toString()).isEqualTo("rw-r-----");
        assertThat(KeyAccess.of(link).narrow()).isFalse();
    }
}
