package io.ketju.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class LogFileTest {
    private static final String DETAILS = "; details in ";

    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        LogFile.close();
    }

    @Test
    void aFileIsMadeOnlyForAFailureThatNamesIt() throws IOException {
        LogFile.start(own());
        LoggerFactory.getLogger("test").warn("before the failure");

        String line = LogFile.unexpected("unexpected failure: ", new IllegalStateException("first\nsecond"));

        assertThat(line).startsWith("unexpected failure: java.lang.IllegalStateException: first second" + DETAILS);
        assertThat(line).endsWith(DETAILS + own());
        assertThat(own()).content().contains("before the failure", "at io.ketju.deploy.launch.LogFileTest");
        assertThat(permissions(own())).isEqualTo("rw-------");
        assertThat(permissions(folder.resolve("own"))).isEqualTo("rwx------");
    }

    @Test
    void theUsersOwnFileIsWhereTheEnvironmentSays() {
        assertThat(LogFile.ofUser(Map.of("XDG_STATE_HOME", "/state"))).hasToString("/state/ketju/ketju.log");
        assertThat(LogFile.ofUser(Map.of("XDG_STATE_HOME", "relative")))
                .isEqualTo(LogFile.ofUser(Map.of()))
                .hasToString(System.getProperty("user.home") + "/.local/state/ketju/ketju.log");
    }

    @Test
    void withoutAFolderForItTheLineStandsAlone() throws IOException {
        Files.createFile(folder.resolve("own"));
        LogFile.start(own());
        assertThat(LogFile.logged(new IOException("reason"))).isEqualTo("reason");
    }

    @Test
    void theLinesBeforeARunComeIntoItsLogAndNoFileIsMadeWithoutLines() {
        LogFile.start(own());
        LogFile.moveTo(folder);
        assertThat(folder).isEmptyDirectory();
        LogFile.close();

        LogFile.start(own());
        LoggerFactory.getLogger("test").warn("before");
        LoggerFactory.getLogger("test").info("of no interest");
        LogFile.moveTo(folder);
        LoggerFactory.getLogger("test").warn("after");

        assertThat(folder.resolve("ketju.log"))
                .content()
                .contains("before", "after")
                .doesNotContain("of no interest");
    }

    @Test
    void aLogThatCannotBeWrittenEndsQuietly() throws IOException {
        LogFile.start(own());
        Files.createDirectories(folder.resolve("ketju.log.1/full"));
        Files.createDirectory(folder.resolve("ketju.log"));
        LogFile.moveTo(folder);
        assertThat(LogFile.logged(new IOException("reason"))).isEqualTo("reason");
    }

    @Test
    void whatNobodyStartedKeepsNothing() {
        assertThat(LogFile.logged(new IOException("reason"))).isEqualTo("reason");
    }

    private Path own() {
        return folder.resolve("own").resolve("ketju.log");
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
