package io.ketju.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.Training;
import io.ketju.data.BatchOrder;
import io.ketju.data.BatchSource;
import io.ketju.data.SampleBatches;
import io.ketju.data.column.ColumnSamples;
import io.ketju.data.column.FloatColumn;
import io.ketju.data.column.IntColumn;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.records.RunRecords;
import io.ketju.records.timeline.WatchedSteps;
import io.ketju.report.gather.RunFacts;
import io.ketju.report.gather.RunPictures;
import io.ketju.report.picture.PictureFiles;
import io.ketju.tensor.Shape;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose batches a program makes has a report too, without the samples that nobody can ask for. */
class BatchesInCodeTest {
    @TempDir
    Path folder;

    private static BatchSource batches(String name, BatchOrder order) {
        float[] inputs = new float[40 * 4];
        int[] classes = new int[40];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = i % 7 - 3;
            classes[i / 4] = i / 4 % 3;
        }
        return new SampleBatches(
                new ColumnSamples(
                        name, new FloatColumn("input", Shape.of(4), inputs), IntColumn.classes("target", classes)),
                10,
                2,
                order);
    }

    @Test
    void aReportShowsWhatIsKnown() {
        Path run = folder.resolve("run");
        TrainingJob job = Ketju.job()
                .model("mlp(4, 8, 3)")
                .loss(new CrossEntropyLoss())
                .data(batches("made up", BatchOrder.shuffled(1)), batches("made up too", BatchOrder.sequential()))
                .stages(2)
                .epochs(3)
                .runDirectory(run)
                .build();
        WatchedSteps watched = new WatchedSteps();
        try (RunRecords records = RunRecords.in(run, List.of(RunRecords.Form.values()));
                Training training = Ketju.start(job, records, watched)) {
            TrainingResult result = training.await();
            Path file = RunReport.write(job, run, result, training.model(), watched.sample());
            PageText page = PageText.read(file);
            assertThat(page.texts("p").getFirst()).startsWith("Trained 12 of 12 steps. mlp(4, 8, 3) on made up, ");
            assertThat(page.texts("figcaption")).contains("loss", "accuracy");
            assertThat(page.all("svg", "timeline")).hasSize(2);
            assertThat(page.all("table", "confusion")).isEmpty();
            assertThat(PictureFiles.write(
                            RunPictures.of(RunFacts.of(job, run, result), training.model()),
                            run.resolve("pictures"),
                            List.of(".svg")))
                    .isNotEmpty();
        }
    }
}
