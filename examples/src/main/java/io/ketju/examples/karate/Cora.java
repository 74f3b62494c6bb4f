package io.ketju.examples.karate;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.examples.lesson.Fit;
import io.ketju.examples.lesson.Lesson;
import io.ketju.layers.optimizer.Adam;
import io.ketju.plot.Chart;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The long version: 2,708 papers, who cites whom, their words, and the subjects of twenty papers of each of seven (Kipf and Welling
 * 2017, section 5).
 */
final class Cora {
    private static final Path FOLDER = Path.of("cora");
    private static final int EPOCHS = 100;

    private Cora() {}

    /** The papers; throws {@link InvalidJobException} that says where to put them if they are not there. */
    static DataSource papers() {
        if (!Files.isDirectory(FOLDER)) {
            throw new InvalidJobException(
                    "dataset 'cora': expected a folder " + FOLDER
                            + " with cora.content and cora.cites, found none; put the files of the LINQS project into it, here");
        }
        return DataSource.named("graph(\"" + FOLDER + "\")");
    }

    /** A line for each seed, and the picture {@code cora}. */
    static void learn(Lesson lesson, DataSource papers, int seeds) {
        Chart chart = new Chart("Subjects of papers told right", "epoch", "share of the papers not told").between(0, 1);
        lesson.print("");
        lesson.print("%-6s%14s%42s  %s", "Cora", "training loss", "right of papers whose subject is unknown", "state");
        for (int seed = 1; seed <= seeds; seed++) {
            try (Fit fit = Fit.of(job(papers, seed))) {
                double[] losses = fit.train("loss");
                lesson.print(
                        "%-6d%14.4f%40.1f %%  %s",
                        seed, losses[losses.length - 1], 100 * fit.lastTest("accuracy"), fit.state());
                chart.line("seed " + seed, fit.test("accuracy"));
            }
        }
        lesson.picture("cora", chart);
    }

    // region job
    private static TrainingJob job(DataSource papers, int seed) {
        return Ketju.job()
                .model("gcn(1433, 16, 7, dropout=0.5, nodes=2708, edges=13264)")
                .data(papers)
                .optimizer(new Adam(0.01).withWeightDecay(0.005))
                .batchSize(1)
                .microbatches(1)
                .stages(2)
                .epochs(EPOCHS)
                .checkpointEveryEpochs(EPOCHS)
                .seed(seed)
                .build();
    }
    // end region
}
