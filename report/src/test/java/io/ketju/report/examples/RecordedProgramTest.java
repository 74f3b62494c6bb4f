package io.ketju.report.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.records.RunSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that embeds Ketju has all that the command line leaves in the folder of a run. */
class RecordedProgramTest {
    @Test
    void allFilesAreThere(@TempDir Path folder) throws IOException {
        RecordedProgram.main(new String[] {folder.toString()});
        Path run = folder.resolve("digits-1");
        for (String file :
                new String[] {"metrics.csv", "metrics.jsonl", "report.html", "pictures/loss.svg", "pictures/plan.svg"
                }) {
            assertThat(run.resolve(file)).isNotEmptyFile();
        }
        try (Stream<Path> events = Files.list(run.resolve("tensorboard"))) {
            assertThat(events).hasSize(1);
        }
        assertThat(Files.readAllLines(run.resolve("metrics.jsonl")))
                .hasSameSizeAs(Files.readAllLines(run.resolve("metrics.csv")).stream()
                        .skip(1)
                        .toList());
        assertThat(run.resolve("report.html")).content().contains("loss of steps", "mlp(64, 32, 10)", "Measured: ");

        RunSummary summary = RunSummary.read(run);
        assertThat(summary.data()).isEqualTo("digits");
        assertThat(summary.model()).isEqualTo("mlp(64, 32, 10)");
        assertThat(summary.epochs()).isEqualTo(3);
        assertThat(summary.numbers().epochs()).hasSize(3);
    }
}
