package io.ketju.records.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.job.Measured;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.layers.loss.ConfusionMatrix;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which classes were told for which, in the run's folder. */
class ConfusionCsvTest {
    private static final Measured THREE = measured(3, 12, 1, 0, 3, 1234, 0, 0, 0, 0);

    @TempDir
    Path folder;

    @Test
    void pairsThatOccurredAreRowsOfAFile() throws IOException {
        TrainingJob job = DigitsEvents.job("confusion", "accuracy");
        Path file = folder.resolve("confusion.csv");
        try (ConfusionCsv confusion = new ConfusionCsv(folder)) {
            confusion.on(new TrainingEvent.Started(job, 1, 1));
            confusion.on(DigitsEvents.step(23, 1));
            confusion.on(new TrainingEvent.EpochFinished(1, Measured.NONE, THREE, Duration.ZERO));
            confusion.on(DigitsEvents.step(46, 2));
            confusion.on(new TrainingEvent.EpochFinished(2, measured(2, 0, 7, 0, 0), Measured.NONE, Duration.ZERO));
        }
        List<String> rows = List.of(
                "step,epoch,phase,metric,true,told,count",
                "23,1,test,confusion,0,0,12",
                "23,1,test,confusion,0,1,1",
                "23,1,test,confusion,1,0,3",
                "23,1,test,confusion,1,1,1234",
                "46,2,train,confusion,0,1,7");
        assertThat(file).hasContent(String.join("\n", rows));
        try (ConfusionCsv confusion = new ConfusionCsv(folder)) {
            confusion.on(new TrainingEvent.Started(job, 24, 1));
        }
        assertThat(file).hasContent(String.join("\n", rows.subList(0, 5)));
        assertThat(MetricsCsv.columns(job)).doesNotContain("confusion").contains("accuracy");
    }

    @Test
    void otherJobsHaveNoSuchFile() {
        try (ConfusionCsv confusion = new ConfusionCsv(folder)) {
            confusion.on(new TrainingEvent.Started(DigitsEvents.job("accuracy"), 1, 1));
            confusion.on(DigitsEvents.epoch(1));
        }
        assertThat(folder).isEmptyDirectory();
    }

    private static Measured measured(int classes, long... counts) {
        SequencedMap<String, ConfusionMatrix> tables = new LinkedHashMap<>(Collections.singletonMap(
                "confusion",
                new ConfusionMatrix(classes, LongStream.of(counts).boxed().toList())));
        return new Measured(new LinkedHashMap<>(), tables);
    }
}
