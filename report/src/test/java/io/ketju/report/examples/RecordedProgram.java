package io.ketju.report.examples;

// region program
import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.TrainedModel;
import io.ketju.layers.optimizer.Adam;
import io.ketju.records.RunRecords;
import io.ketju.records.RunSummary;
import io.ketju.records.timeline.WatchedSteps;
import io.ketju.report.RunReport;
import io.ketju.report.gather.RunFacts;
import io.ketju.report.gather.RunPictures;
import io.ketju.report.picture.PictureFiles;
import java.nio.file.Path;
import java.util.List;

public final class RecordedProgram {
    public static void main(String[] arguments) {
        Path runs = Path.of(arguments[0]);
        Path run = runs.resolve("digits-1");
        TrainingJob job = Ketju.job()
                .model("mlp(64, 32, 10)")
                .data(DataSource.named("digits"))
                .optimizer(new Adam(0.005))
                .stages(2)
                .epochs(3)
                .runDirectory(run)
                .build();
        WatchedSteps watched = new WatchedSteps();
        TrainingResult result;
        try (RunRecords records = RunRecords.in(run, List.of(RunRecords.Form.values()))) {
            result = Ketju.fit(job, records, watched);
        } // closed: what it wrote is whole, and the report reads it
        try (TrainedModel model = Ketju.load(job, run)) {
            RunPictures pictures = RunPictures.of(RunFacts.of(job, run, result), model, watched.sample());
            System.out.println(RunReport.write(pictures));
            PictureFiles.write(pictures, run.resolve("pictures"), List.of(".svg"));
        }
        for (Path folder : RunSummary.runsIn(runs)) {
            RunSummary summary = RunSummary.read(folder);
            summary.best()
                    .epoch()
                    .ifPresent(best -> System.out.printf(
                            "%s: %s, test loss %.4f after epoch %d%n",
                            folder.getFileName(), summary.model(), best.loss(), best.number()));
        }
    }
}
// end region
