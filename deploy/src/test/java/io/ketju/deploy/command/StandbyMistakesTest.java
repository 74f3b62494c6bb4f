package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.checkpoint.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who cannot stand by is told so in one line, before a port is opened. */
class StandbyMistakesTest {
    private static final String JOB =
            "model.name = \"mlp(64, 10)\"\ndata = digits\noptimizer = \"SGD(lr=0.1)\"\nepochs = 1\n";

    @TempDir
    private Path folder;

    private Path job;

    @BeforeEach
    void write() throws IOException {
        job = Files.writeString(folder.resolve("job.conf"), JOB);
    }

    private String refused(String... arguments) {
        List<String> all = new ArrayList<>(List.of("train", "--standby"));
        all.addAll(List.of(arguments));
        InProcess run = InProcess.run(all.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).hasLineCount(1);
        assertThat(run.out()).isEmpty();
        return run.err();
    }

    private String refusedBesideADriver(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--cluster", "127.0.0.1:1"));
        return refused(all.toArray(String[]::new));
    }

    @Test
    void itNeedsAClusterAndAFolder() {
        assertThat(refused(job.toString())).contains("--standby: expected --cluster HOST:PORT beside it, found none");
        assertThat(refusedBesideADriver(job.toString()))
                .contains("--standby: expected the run's folder, as --resume RUN or --run-dir DIR, found neither");
        assertThat(refusedBesideADriver(job.toString(), "--no-save")).contains("found --no-save");
        assertThat(refusedBesideADriver("--resume", folder.resolve("none").toString()))
                .contains("not a run", "no such folder");
        assertThat(Path.of("runs")).doesNotExist();
    }

    @Test
    void theFolderHasToBeUsable() throws IOException {
        Path mounted = folder.resolve("mounted");
        assertThat(refusedBesideADriver(
                        job.toString(), "--run-dir", mounted.resolve("run").toString()))
                .contains("found no folder " + mounted + " here");
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.writeString(other.resolve("letter"), "no run");
        assertThat(refusedBesideADriver(job.toString(), "--run-dir", other.toString()))
                .contains("expected an empty or absent folder");
    }

    @Test
    void theRunHasToBeOfThisJob() {
        Path run = folder.resolve("run");
        RunDirectory.create(run, JOB).release();
        assertThat(refusedBesideADriver(job.toString(), "--run-dir", run.toString(), "--lr", "0.5"))
                .contains("found one of another job");
        RunDirectory.create(folder.resolve("longer"), JOB.replace("epochs = 1", "epochs = 2"))
                .release();
        assertThat(refusedBesideADriver(
                        job.toString(), "--run-dir", folder.resolve("longer").toString()))
                .contains("found one of another job");
        assertThat(refusedBesideADriver(job.toString(), "--run-dir", run.toString(), "--trace"))
                .contains("expected a run that is not traced");
    }
}
