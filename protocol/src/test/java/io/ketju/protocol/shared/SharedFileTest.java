package io.ketju.protocol.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two mappings of one file, and who does not get one. */
class SharedFileTest {
    private static final long BYTES = 4096;

    @TempDir
    Path folder;

    @Test
    void bothSidesSeeOneMemoryAndNoNameIsLeft() throws Exception {
        try (SharedFile made = SharedFile.create(folder, BYTES)) {
            Path path = folder.resolve(made.name());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-------");
            try (SharedFile found = SharedFile.find(folder, made.name(), BYTES, made.nonce())) {
                assertThat(folder).isEmptyDirectory();
                assertThat(made.answer()).isNotZero().isEqualTo(found.answer());
                found.memory().set(ValueLayout.JAVA_INT, 2000, 42);
                assertThat(made.memory().get(ValueLayout.JAVA_INT, 2000)).isEqualTo(42);
            }
            made.forgetName();
        }
    }

    @Test
    void whatIsNotMeantIsNotFoundAndKeepsItsName() throws Exception {
        try (SharedFile made = SharedFile.create(folder, BYTES)) {
            assertNotFound(made.name(), BYTES, made.nonce() + 1, "another nonce");
            assertNotFound(made.name(), BYTES + 1, made.nonce(), "not the file that was meant");
            Path link = folder.resolve("ketju-" + "0".repeat(32));
            Files.createSymbolicLink(link, folder.resolve(made.name()));
            assertNotFound(link.getFileName().toString(), BYTES, made.nonce(), "");
            assertNotFound("../" + made.name(), BYTES, made.nonce(), "no name of a shared file");
            Files.setPosixFilePermissions(folder.resolve(made.name()), PosixFilePermissions.fromString("rw-r--r--"));
            assertNotFound(made.name(), BYTES, made.nonce(), "not the file that was meant");
            assertThat(made.answer()).isZero();
            assertThat(folder.resolve(made.name())).exists();
        }
    }

    @Test
    void noRoomIsAnErrorAndLeavesNothing() {
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> SharedFile.create(missing, BYTES)).isInstanceOf(IOException.class);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void namesOfTheKilledAreSweptAndNoOthers() throws Exception {
        FileTime old = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
        Path foreign = Files.setLastModifiedTime(Files.createFile(folder.resolve("ketju-notes.txt")), old);
        try (SharedFile left = SharedFile.create(folder, BYTES);
                SharedFile fresh = SharedFile.create(folder, BYTES)) {
            Files.setLastModifiedTime(folder.resolve(left.name()), old);
            SharedFile.sweep(folder);
            assertThat(folder.resolve(left.name())).doesNotExist();
            assertThat(folder.resolve(fresh.name())).exists();
            assertThat(foreign).exists();
        }
    }

    private void assertNotFound(String name, long bytes, long nonce, String why) {
        assertThatThrownBy(() -> SharedFile.find(folder, name, bytes, nonce))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why);
    }
}
