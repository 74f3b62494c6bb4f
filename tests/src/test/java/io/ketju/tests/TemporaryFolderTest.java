package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is left in the temporary folder after a run, however it ends. Here it is a folder of each test's own. */
class TemporaryFolderTest {
    private static final List<String> SMALL_RUN =
            List.of("--model", "mlp(64, 16, 10)", "--data", "digits", "--stages", "2", "--threads", "1");
    private static final int ENOUGH_EPOCHS = 2000;
    private static final int TERMINATED = 128 + 15;

    @TempDir
    private Path folder;

    private Path temporary;
    private Path state;
    private Launcher launcher;

    @BeforeEach
    void layOut() throws IOException {
        temporary = Files.createDirectory(folder.resolve("temporary"));
        state = folder.resolve("state");
        launcher = Launcher.in(folder).with("TMPDIR", temporary.toString()).with("XDG_STATE_HOME", state.toString());
    }

    @Test
    void afterRunsThatEndWellAndBadlyItIsEmpty() {
        try (ChildProcess train = ketju("train", "--no-save", "--epochs", "1")) {
            train.requireSuccess();
        }
        assertThat(temporary).isEmptyDirectory();
        try (ChildProcess launch = ketju("launch", "--no-save", "--epochs", "1", "--nodes", "2")) {
            assertThat(launch.requireSuccess().err()).isEmpty();
        }
        assertThat(temporary).isEmptyDirectory();
        try (ChildProcess failed = ketju("train", "--no-save", "--epochs", "3", "--optimizer", "SGD(lr=1e30)")) {
            assertThat(failed.awaitExit()).as("%s", failed).isEqualTo(1);
            assertThat(failed.err()).as("%s", failed).hasSize(1);
        }
        assertThat(temporary).isEmptyDirectory();
        assertThat(state.resolve("ketju"))
                .as("nothing had to be said at length: the secret of launched workers is all there is")
                .isDirectoryContaining(path -> path.endsWith("cluster-secret"))
                .isDirectoryNotContaining(path -> !path.endsWith("cluster-secret"));
    }

    @Test
    void afterATerminatedRunItIsEmpty() {
        try (ChildProcess train = ketju("train", "--no-save", "--epochs", "" + ENOUGH_EPOCHS)) {
            train.awaitLine(line -> line.startsWith("epoch    1/"));
            train.terminate();
            assertThat(train.awaitExit()).as("%s", train).isEqualTo(TERMINATED);
        }
        assertThat(temporary).isEmptyDirectory();
    }

    /** Nobody but its workers can remove what a killed driver leaves. */
    @Test
    void afterAKilledLaunchItIsEmptyOnceItsWorkersHaveGone() {
        try (ChildProcess launch = ketju("launch", "--no-save", "--epochs", "" + ENOUGH_EPOCHS, "--nodes", "2")) {
            List<ProcessHandle> workers = launch.awaitWorkers(2);
            launch.awaitLine(line -> line.startsWith("epoch    1/"));
            assertThat(temporary).isNotEmptyDirectory();
            launch.kill();
            workers.forEach(worker -> worker.onExit().join());
        }
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void whatAKilledRunLeavesGoesWithTheNextOne() {
        try (ChildProcess train = ketju("train", "--no-save", "--epochs", "" + ENOUGH_EPOCHS)) {
            train.awaitLine(line -> line.startsWith("epoch    1/"));
            train.kill();
        }
        try (ChildProcess next = ketju("train", "--run-dir", "next", "--epochs", "1")) {
            next.requireSuccess();
        }
        assertThat(temporary).isEmptyDirectory();
    }

    /** A worker that is lost is told in one line; what is known beside that is in the one log that the line names. */
    @Test
    void aFailureOfARunThatIsNotKeptIsInTheUsersOwnLog() throws IOException {
        try (ChildProcess launch =
                ketju("launch", "--no-save", "--epochs", "" + ENOUGH_EPOCHS, "--nodes", "2", "--max-restarts", "0")) {
            List<ProcessHandle> workers = launch.awaitWorkers(2);
            launch.awaitLine(line -> line.startsWith("epoch    1/"));
            workers.getLast().destroyForcibly();
            assertThat(launch.awaitExit()).as("%s", launch).isEqualTo(1);
            Path log = state.resolve("ketju").resolve("ketju.log");
            assertThat(launch.err()).as("%s", launch).hasSize(1);
            assertThat(launch.err().getFirst()).endsWith("; details in " + log);
            assertThat(log).content().contains("ended with exit code 137");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log)))
                    .isEqualTo("rw-------");
        }
        assertThat(temporary).isEmptyDirectory();
    }

    private ChildProcess ketju(String command, String... arguments) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(SMALL_RUN);
        all.addAll(List.of(arguments));
        return launcher.ketju(List.of("-Djava.io.tmpdir=" + temporary), all.toArray(String[]::new));
    }
}
