package io.ketju.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RollingFileTest {
    @TempDir
    private Path folder;

    private Path path;
    private Path before;

    @BeforeEach
    void names() {
        path = folder.resolve("100% {x}.log");
        before = folder.resolve("100% {x}.log.1");
    }

    @Test
    void itNeverGrowsBeyondItsLimitAndKeepsTheOneBefore() throws IOException {
        try (RollingFile file = new RollingFile(path, 20)) {
            assertThat(path).doesNotExist();
            for (int line = 0; line < 7; line++) {
                write(file, "line " + line + "\n");
            }
        }
        assertThat(path).hasContent("line 6\n");
        assertThat(before).hasContent("line 4\nline 5\n");
        assertThat(folder).isDirectoryNotContaining(other -> !other.equals(path) && !other.equals(before));
    }

    @Test
    void aLineThatIsLongerThanAFileIsCut() throws IOException {
        try (RollingFile file = new RollingFile(path, 10)) {
            write(file, "x".repeat(1000));
        }
        assertThat(path).hasContent("x".repeat(10));
    }

    @Test
    void itGoesOnAndOnlyItsOwnerReadsIt() throws IOException {
        Files.writeString(path, "of old\n");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
        try (RollingFile file = new RollingFile(path, 12)) {
            write(file, "new\n");
            write(file, "newer\n");
        }
        assertThat(before).hasContent("of old\nnew\n");
        assertThat(path).hasContent("newer\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(before)))
                .isEqualTo("rw-------");
    }

    @Test
    void aLinkIsNotFollowedButMovedAside() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "secret\n");
        Files.createSymbolicLink(path, secret);
        try (RollingFile file = new RollingFile(path, 100)) {
            write(file, "line\n");
        }
        assertThat(secret).hasContent("secret\n");
        assertThat(Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)).isTrue();
        assertThat(path).hasContent("line\n");
        assertThat(Files.isSymbolicLink(before)).isTrue();
    }

    private static void write(RollingFile file, String text) throws IOException {
        file.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
