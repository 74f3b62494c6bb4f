package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.job.JobKey;
import io.ketju.deploy.config.JobFile;
import io.ketju.deploy.config.JobSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunOptionsTest {
    @TempDir
    Path folder;

    @Test
    void whoeverMakesAFolderHasItsName() throws InterruptedException, ExecutionException {
        List<RunOptions> starts = new ArrayList<>();
        List<Callable<Path>> choices = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            RunOptions options = new RunOptions(folder.resolve("runs"));
            starts.add(options);
            choices.add(() -> chosen(options));
        }
        List<Path> names = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(choices.size())) {
            for (Future<Path> choice : threads.invokeAll(choices)) {
                names.add(choice.get());
            }
        }
        assertThat(names)
                .doesNotHaveDuplicates()
                .hasSize(8)
                .allSatisfy(name -> assertThat(name).isEmptyDirectory());
        starts.forEach(RunOptions::close);
        assertThat(names).allSatisfy(name -> assertThat(name).doesNotExist());
    }

    @Test
    void onlyAFolderWithoutARunIsGivenBack() throws IOException {
        Path runs = folder.resolve("runs");
        RunOptions first = new RunOptions(runs);
        Path taken = chosen(first);
        Files.writeString(taken.resolve("job.conf"), "");
        first.close();
        assertThat(taken.resolve("job.conf")).exists();
        RunOptions second = new RunOptions(runs);
        assertThat(chosen(second)).isEqualTo(runs.resolve("x-2"));
        second.close();
        assertThat(runs.resolve("x-2")).doesNotExist();
        assertThat(taken).exists();
    }

    private static Path chosen(RunOptions options) {
        JobSettings placed = options.placed(JobFile.parse("job.conf", "name = x\n"));
        return Path.of(placed.get(JobKey.RUN_DIR).orElseThrow().text());
    }
}
