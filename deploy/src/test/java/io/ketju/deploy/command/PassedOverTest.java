package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.ketju.actors.checkpoint.Checkpoint;
import io.ketju.actors.checkpoint.CheckpointReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Checkpoints that are damaged are passed over when a run goes on, and the log has a line for each. */
class PassedOverTest {
    private static final String JOB = """
            name = iris
            data = iris
            model { name = "mlp(4, 8, 3)" }
            batch = 30
            epochs = 4
            threads = 1
            checkpoints-kept = 4
            """;

    @TempDir
    private Path folder;

    @Test
    void aRunGoesOnAfterTheNewestThatIsWholeAndSaysWhichWereNot() throws IOException {
        String job = Files.writeString(folder.resolve("job.conf"), JOB).toString();
        Path run = folder.resolve("run");
        ok("train", job, "--run-dir", run.toString());
        Path checkpoints = run.resolve("checkpoints");
        Path newest = damaged(checkpoints, 16, "manifest.json");
        Path before = damaged(checkpoints, 12, "stage-0");

        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(CheckpointReader.class);
        logged.start();
        logger.addAppender(logged);
        Checkpoint found = CheckpointReader.newestValid(checkpoints).orElseThrow();
        logger.detachAppender(logged);

        assertThat(found.step()).isEqualTo(8);
        List<String> lines =
                logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        assertThat(lines).hasSize(2).allMatch(line -> line.endsWith("; " + found.directory() + " is used instead"));
        assertThat(lines.getFirst()).startsWith(newest + ": ");
        assertThat(lines.getLast()).startsWith(before + ": damaged: ");
        assertThat(ok("train", "--resume", run.toString()).out()).contains("resumed", "Trained 16 steps");
    }

    /** Flips a bit in the middle of the file of a step whose name begins so. */
    private static Path damaged(Path checkpoints, long step, String name) throws IOException {
        Path file;
        try (var files = Files.list(checkpoints.resolve("step-%09d".formatted(step)))) {
            file = files.filter(one -> one.getFileName().toString().startsWith(name))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        return Files.write(file, bytes);
    }

    private static InProcess ok(String... arguments) {
        InProcess run = InProcess.run(arguments);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run;
    }
}
