package io.ketju.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.BestEpochRule;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.layers.activation.Activations;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Sequential;
import io.ketju.tensor.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs have left, read again, as a program does that keeps many. */
class RunSummaryTest {
    @TempDir
    private Path folder;

    @Test
    void runsOfAFolderAreReadByTheirJobsAndNumbers() throws IOException {
        Path run = folder.resolve("one");
        TrainingJob job = Ketju.job()
                .model(Shape.of(4), Sequential.of(new Linear(4, 8), Activations.relu(), new Linear(8, 3)))
                .data(DataSource.named("iris"))
                .epochs(2)
                .runDirectory(run)
                .build();
        try (RunRecords records = RunRecords.in(run)) {
            Ketju.fit(job, records);
        }
        Files.createDirectory(folder.resolve("no run"));
        assertThat(RunSummary.runsIn(folder)).containsExactly(run);
        RunSummary summary = RunSummary.read(run);
        assertThat(summary.data()).isEqualTo("iris");
        assertThat(summary.model()).isEqualTo("custom");
        assertThat(summary.epochs()).isEqualTo(2);
        assertThat(summary.numbers().names()).startsWith("loss", "accuracy");
        assertThat(summary.numbers().epochs()).hasSize(2);
        assertThat(summary.numbers().best().orElseThrow().loss())
                .isEqualTo(summary.numbers().losses().stream()
                        .mapToDouble(Double::doubleValue)
                        .min()
                        .orElseThrow());
    }

    /** The worst loss on purpose: nobody would take it for the best but by the rule. */
    @Test
    void theBestEpochIsThatOfTheJobsRule() {
        Path run = folder.resolve("judged");
        TrainingJob job = Ketju.job()
                .model(Shape.of(4), Sequential.of(new Linear(4, 8), Activations.relu(), new Linear(8, 3)))
                .data(DataSource.named("iris"))
                .bestEpoch(BestEpochRule.parseBestCheckpoint("BestCheckpoint(loss, mode=max)"))
                .epochs(4)
                .runDirectory(run)
                .build();
        try (RunRecords records = RunRecords.in(run)) {
            Ketju.fit(job, records);
        }
        RunSummary summary = RunSummary.read(run);
        assertThat(summary.best().metric()).isEqualTo("loss");
        double most = summary.numbers().losses().stream()
                .mapToDouble(Double::doubleValue)
                .max()
                .orElseThrow();
        assertThat(summary.best().epoch().orElseThrow().loss()).isEqualTo(most);
        assertThat(summary.numbers().best().orElseThrow().loss()).isLessThan(most);
    }

    @Test
    void whatIsNoRunIsOneLine() throws IOException {
        assertThat(RunSummary.runsIn(folder.resolve("none"))).isEmpty();
        assertThatThrownBy(() -> RunSummary.read(folder))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("job.conf");
        Files.writeString(folder.resolve("job.conf"), "epochs = many\n");
        assertThatThrownBy(() -> RunSummary.read(folder))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("the job cannot be read");
    }

    @Test
    void aRunThatKeepsNothingWritesNothing() {
        TrainingJob job = Ketju.job()
                .model("mlp(4, 8, 3)")
                .data(DataSource.named("iris"))
                .epochs(1)
                .build();
        try (RunRecords records = RunRecords.nowhere()) {
            Ketju.fit(job, records);
        }
        assertThat(folder).isEmptyDirectory();
    }

    /** A run whose numbers cannot be kept says so at once. */
    @Test
    void aFolderThatIsNotThereEndsTheRun() {
        TrainingJob job = Ketju.job()
                .model("mlp(4, 8, 3)")
                .data(DataSource.named("iris"))
                .epochs(1)
                .build();
        try (RunRecords records = RunRecords.in(folder.resolve("none"))) {
            assertThatThrownBy(() -> Ketju.fit(job, records)).hasRootCauseInstanceOf(IOException.class);
        } catch (UncheckedIOException e) {
            throw new AssertionError(e);
        }
    }
}
