package io.ketju.records.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsCsvTest {
    @TempDir
    Path folder;

    private static final String HEADING = "step,epoch,phase,loss,accuracy,learning_rate,samples_per_second,bubble";

    private final TrainingJob job = DigitsEvents.job("accuracy");

    @Test
    void everyStepAndEveryEpochIsARow() throws IOException {
        try (MetricsCsv metrics = new MetricsCsv(folder)) {
            metrics.on(new TrainingEvent.Started(job, 1, 1));
            metrics.on(DigitsEvents.step(1, 1));
            metrics.on(DigitsEvents.step(2, 1));
            metrics.on(DigitsEvents.epoch(1));
        }
        assertThat(Files.readAllLines(folder.resolve("metrics.csv")))
                .containsExactly(
                        HEADING,
                        "1,1,step,0.512140,0.812500,2.5E-7,4209.6,0.1900",
                        "2,1,step,0.512140,0.812500,2.5E-7,4209.6,0.1900",
                        "2,1,train,0.500000,0.800000,,,",
                        "2,1,test,0.750000,0.825000,,,");
    }

    @Test
    void aResumedRunDropsWhatCameAfterItsCheckpoint() throws IOException {
        Path file = folder.resolve("metrics.csv");
        Files.writeString(file, HEADING + "\n1,1,step,0,0,1,1,0\n2,1,step,0,0,1,1,0\n3,1,step,0,0,1,1,0\n4,1,st");
        try (MetricsCsv metrics = new MetricsCsv(folder)) {
            metrics.on(new TrainingEvent.Started(job, 3, 1));
            metrics.on(DigitsEvents.step(3, 1));
        }
        assertThat(Files.readAllLines(file))
                .containsExactly(
                        HEADING,
                        "1,1,step,0,0,1,1,0",
                        "2,1,step,0,0,1,1,0",
                        "3,1,step,0.512140,0.812500,2.5E-7,4209.6,0.1900");
    }

    /** As one that was begun without rates, and with another metric. */
    @Test
    void aResumedRunKeepsTheRowsOfAFileWithOtherColumns() throws IOException {
        Path file = folder.resolve("metrics.csv");
        Files.writeString(file, """
                step,epoch,phase,loss,top5_accuracy,accuracy,samples_per_second,bubble
                1,1,step,0.5,0.9,0.25,10.0,0.1
                1,1,train,0.5,0.9,0.25,,
                2,1,step,0.4,0.8,0.75,20.0,0.2
                2,1,step,0.4,0.8
                3,1,step,0.3,0.7,0.5,30.0,0.3
                """);
        try (MetricsCsv metrics = new MetricsCsv(folder)) {
            metrics.on(new TrainingEvent.Started(job, 3, 1));
            metrics.on(DigitsEvents.step(3, 1));
        }
        assertThat(Files.readAllLines(file))
                .containsExactly(
                        HEADING,
                        "1,1,step,0.5,0.25,,10.0,0.1",
                        "1,1,train,0.5,0.25,,,",
                        "2,1,step,0.4,0.75,,20.0,0.2",
                        "3,1,step,0.512140,0.812500,2.5E-7,4209.6,0.1900");
    }

    @Test
    void ofAFileThatIsNoTableOfStepsNothingIsKept() throws IOException {
        Path file = folder.resolve("metrics.csv");
        for (String text : new String[] {"", "1,2,step,3\n", "epoch,step\n1,1\n"}) {
            Files.writeString(file, text);
            try (MetricsCsv metrics = new MetricsCsv(folder)) {
                metrics.on(new TrainingEvent.Started(job, 3, 1));
            }
            assertThat(Files.readAllLines(file)).as(text).containsExactly(HEADING);
        }
    }
}
