package io.ketju.actors.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.SmallJobs;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.JobBatches;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.ReadableData;
import io.ketju.data.BadDataException;
import io.ketju.data.table.TableChoice;
import io.ketju.pipeline.stage.Window;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataReadingTest {
    @TempDir
    private Path folder;

    private static JobBuilder job(DataSource data) {
        return new JobBuilder().model("mlp(64, 16, 10)").data(data).batchSize(30);
    }

    @Test
    void whatHasAKnownNameOrAPathCanBeReadElsewhere() throws IOException {
        assertThat(DataReading.of(job(DataSource.named("digits")).build())
                        .orElseThrow()
                        .name())
                .isEqualTo("digits");
        Path file = digits();
        TrainingJob fromFile = job(DataSource.named(file.toString())).build();
        ReadableData data = DataReading.of(fromFile).orElseThrow();
        assertThat(data.name()).isEqualTo(file.toAbsolutePath().toString());
        JobBatches read = DataReading.read(data, fromFile.pipeline());
        assertThat(read.plan(Window.Phase.TRAIN, 7)).isEqualTo(fromFile.train().plan(7));
    }

    @Test
    void whatIsMadeInCodeOrOfChosenColumnsCanNot() throws IOException {
        assertThat(DataReading.of(SmallJobs.tiny().build())).isEmpty();
        Path table = folder.resolve("table.csv");
        Files.writeString(
                table,
                IntStream.range(0, 40)
                        .mapToObj(row -> row + "," + (row * 7 % 11) + "," + (row % 2 == 0 ? "a" : "b"))
                        .collect(Collectors.joining("\n", "x,y,kind\n", "\n")));
        TrainingJob job = new JobBuilder()
                .model("mlp(2, 4, 2)")
                .data(DataSource.table(table, new TableChoice(List.of("kind"), List.of())))
                .batchSize(8)
                .build();
        assertThat(DataReading.of(job)).isEmpty();
    }

    @Test
    void otherDataThanTheRunsIsRefused() {
        TrainingJob job = job(DataSource.named("digits")).build();
        ReadableData data = DataReading.of(job).orElseThrow();
        assertThatThrownBy(() -> DataReading.read(new ReadableData("digits", data.train(), "00"), job.pipeline()))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("data 'digits', test samples")
                .hasMessageContaining(data.test());
        assertThatThrownBy(() -> DataReading.read(
                        data, job(DataSource.named("digits")).seed(2).build().pipeline()))
                .as("another order")
                .isInstanceOf(BadDataException.class);
    }

    /** 40 samples for training, 10 for testing. */
    private Path digits() throws IOException {
        Path file = folder.resolve("mine.csv");
        Files.writeString(
                file,
                IntStream.range(0, 50)
                        .mapToObj(row -> IntStream.range(0, 64)
                                        .mapToObj(pixel -> (row * 7 + pixel) % 17 + ",")
                                        .collect(Collectors.joining())
                                + row % 10)
                        .collect(Collectors.joining("\n", "", "\n")));
        return file;
    }
}
