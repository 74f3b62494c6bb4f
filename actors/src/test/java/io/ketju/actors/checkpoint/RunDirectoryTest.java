package io.ketju.actors.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.InvalidJobException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
    private static final String JOB = "name = x\n";

    @TempDir
    Path root;

    @Test
    void aFolderOfARunIsNewOrARun() throws IOException {
        Path run = root.resolve("runs").resolve("one");
        RunDirectory made = RunDirectory.create(run, JOB);
        assertThat(made.newest()).isEmpty();
        assertThat(Files.readString(made.jobFile())).isEqualTo(JOB);
        made.release();
        assertThatThrownBy(() -> RunDirectory.create(run, ""))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("expected an empty or absent folder, found files")
                .hasMessageContaining("--resume");
        assertThatThrownBy(() -> RunDirectory.create(made.jobFile(), ""))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("expected a folder, found a file");
        assertThatThrownBy(() -> RunDirectory.create(made.jobFile().resolve("below"), ""))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("is not a folder that may be written to");
        assertThatThrownBy(() -> RunDirectory.open(root))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("not a run");
        assertThatThrownBy(() -> RunDirectory.reopen(root.resolve("absent")))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("no such folder");
        assertThat(root.resolve("absent")).doesNotExist();
    }

    @Test
    void theNumberOfStartsOnlyRises() throws IOException {
        RunDirectory run = RunDirectory.create(root, JOB);
        Path file = root.resolve("incarnation");
        assertThat(run.nextIncarnation()).isEqualTo(1);
        assertThat(run.nextIncarnation()).isEqualTo(2);
        SmallRun checkpoints = new SmallRun(root);
        checkpoints.store(2).commit(5, checkpoints.shards(5, 2));
        Files.delete(file);
        assertThat(run.nextIncarnation()).as("above the checkpoints'").isEqualTo(3);
        Files.writeString(file, "1\n");
        assertThat(run.nextIncarnation()).as("not back").isEqualTo(3);
        assertThatThrownBy(() -> RunDirectory.open(root).nextIncarnation()).isInstanceOf(IllegalStateException.class);
        run.release();
    }

    @Test
    void whatIsNoNumberOfStartsIsOneShortLine() throws IOException {
        RunDirectory run = RunDirectory.create(root, JOB);
        Path file = root.resolve("incarnation");
        for (String garbage : List.of(
                "", "many", "0", "-1", "1.0", "01", "2147483648", "1\n2", "x".repeat(1 << 20), "\u0000\u0001")) {
            Files.writeString(file, garbage);
            assertThatThrownBy(run::nextIncarnation)
                    .as(garbage.substring(0, Math.min(20, garbage.length())))
                    .isInstanceOf(InvalidJobException.class)
                    .hasMessageStartingWith(file + ": expected a whole number from 1 to 2147483647, found '")
                    .message()
                    .hasLineCount(1)
                    .hasSizeLessThan(file.toString().length() + 200);
            assertThat(run.newest()).as("reading goes on").isEmpty();
        }
        Files.writeString(file, "2147483647\n");
        assertThatThrownBy(run::nextIncarnation)
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("2147483647 times, no more are possible");
        assertThat(file).content().isEqualTo("2147483647\n");
        Files.delete(file);
        Files.createDirectory(file);
        assertThatThrownBy(run::nextIncarnation)
                .isInstanceOf(InvalidJobException.class)
                .hasMessage(file + ": expected a file, found something else");
        run.release();
    }

    @Test
    void oneStartAtATimeHoldsTheFolder() {
        RunDirectory held = RunDirectory.create(root, JOB);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> RunDirectory.reopen(root))
                    .isInstanceOf(InvalidJobException.class)
                    .hasMessage("run " + root + " is in use by this process; wait for its end, or stop it first");
        }
        assertThat(RunDirectory.open(root).newest()).as("looking is free").isEmpty();
        held.release();
        held.release();
        RunDirectory.reopen(root).release();
        RunDirectory.reopen(root).release();
    }

    @Test
    void aLinkInPlaceOfTheLockIsNotFollowed() throws IOException {
        Path other = Files.writeString(root.resolve("other"), "precious");
        Path run = Files.createDirectory(root.resolve("run"));
        Files.createSymbolicLink(run.resolve("lock"), other);
        assertThatThrownBy(() -> RunDirectory.create(run, JOB))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("cannot be locked");
        assertThat(other).content().isEqualTo("precious");
    }

    @Test
    void ofManyAtOnceOneGetsTheFolder() throws Exception {
        for (int round = 0; round < 20; round++) {
            Path run = root.resolve("run-" + round);
            List<Callable<RunDirectory>> starts = java.util.Collections.nCopies(4, () -> RunDirectory.create(run, JOB));
            int won = 0;
            try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
                for (Future<RunDirectory> start : threads.invokeAll(starts)) {
                    try {
                        start.get().release();
                        won++;
                    } catch (java.util.concurrent.ExecutionException e) {
                        assertThat(e).hasCauseInstanceOf(InvalidJobException.class);
                    }
                }
            }
            assertThat(won).isEqualTo(1);
        }
    }

    @Test
    void aStartThatFailsLeavesNothing() throws IOException {
        Path run = root.resolve("run");
        RunDirectory made = RunDirectory.create(run, JOB);
        made.nextIncarnation();
        made.discard();
        assertThat(run).doesNotExist();
        RunDirectory.create(run, JOB).release();
    }

    /** Killed before there was a job in it, a start leaves a folder that the next one may take. */
    @Test
    void leftoversOfAKilledStartAreNoRun() throws IOException {
        Files.writeString(root.resolve("lock"), "process 1 since then\n");
        Files.writeString(root.resolve(".job.conf.0.tmp"), "name");
        RunDirectory.create(root, JOB).release();
        assertThat(root.resolve("job.conf")).content().isEqualTo(JOB);
    }

    /** A process may be killed at any moment, also when it writes down a longer run, or where it is reached. */
    @Test
    void aStartRemovesWhatThoseBeforeItHadBegunToWrite() throws IOException {
        RunDirectory.create(root, JOB).release();
        Files.writeString(root.resolve(".model.onnx.0.tmp"), "of another program");
        for (String name :
                List.of(".job.conf.0.tmp", ".incarnation.3.tmp", ".driver.0.tmp", ".model.safetensors.0.tmp")) {
            Files.writeString(root.resolve(name), "name");
            RunDirectory run = RunDirectory.reopen(root);
            run.nextIncarnation();
            run.release();
            assertThat(root.resolve(name)).doesNotExist();
        }
        assertThat(root.resolve(".model.onnx.0.tmp"))
                .as("somebody else may be writing it")
                .exists();
    }
}
