package io.ketju.actors.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    @Test
    void aFolderThatIsNotThereHasNone() {
        TemporaryRuns.removeLeft(folder.resolve("absent"));
        assertThat(folder).isEmptyDirectory();
    }

    private Path run(String name) {
        return folder.resolve(name);
    }
}
