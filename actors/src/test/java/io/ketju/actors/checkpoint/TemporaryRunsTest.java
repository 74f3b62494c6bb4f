package io.ketju.actors.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryRunsTest {
    @TempDir
    private Path folder;

    @Test
    void onlyRunsThatNobodyHoldsAreRemoved() throws IOException {
        Path left = run("ketju-run-1");
        RunDirectory.create(left, "").release();
        Files.createDirectories(left.resolve("checkpoints/step-000000001"));
        Files.createFile(left.resolve("checkpoints/step-000000001/stage-0.safetensors"));
        Path used = run("ketju-run-2");
        RunDirectory holder = RunDirectory.create(used, "");
        Path begun = Files.createDirectory(run("ketju-run-3"));
        Path other = run("another");
        RunDirectory.create(other, "").release();
        Path link = Files.createSymbolicLink(run("ketju-run-4"), other);

        TemporaryRuns.removeLeft(folder);

        assertThat(left).doesNotExist();
        assertThat(used.resolve("job.conf")).exists();
        assertThat(begun).exists();
        assertThat(link).isSymbolicLink();
        assertThat(other.resolve("job.conf")).exists();
        holder.discard();
        assertThat(used).doesNotExist();
    }

    /** A worker wrote its shard when the run was removed already. */
    @Test
    void whatWasWrittenToARemovedRunGoesOnceNobodyCanBeMakingIt() throws Exception {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        Path late = run("ketju-run-" + ended.pid() + "-7");
        Files.createDirectories(late.resolve("checkpoints/step-000000001"));
        Files.createFile(late.resolve("checkpoints/step-000000001/stage-1.safetensors"));
        Path begun =
                Files.createDirectory(run("ketju-run-" + ProcessHandle.current().pid() + "-8"));

        TemporaryRuns.removeLeft(folder);

        assertThat(late).doesNotExist();
        assertThat(begun).exists();
    }

    /** It goes on until whoever still writes is gone. */
    @Test
    void aRunThatIsStillWrittenToIsRemovedAllTheSame() throws Exception {
        Path run = run("ketju-run-5");
        RunDirectory held = RunDirectory.create(run, "");
        Path checkpoints = run.resolve("checkpoints");
        CountDownLatch begun = new CountDownLatch(1);
        Thread writer = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < 500; i++) {
                try {
                    Files.createDirectories(checkpoints);
                    Files.writeString(checkpoints.resolve("shard-" + i), "");
                } catch (IOException e) {
                    // It was removed in between.
                }
                begun.countDown();
            }
        });
        begun.await();
        held.discard();
        writer.join();
        TemporaryRuns.removeLeft(folder);
        assertThat(run.resolve("job.conf")).doesNotExist();
    }

    @Test
    void aFolderThatIsNotThereHasNone() {
        TemporaryRuns.removeLeft(folder.resolve("absent"));
        assertThat(folder).isEmptyDirectory();
    }

    private Path run(String name) {
        return folder.resolve(name);
    }
}
