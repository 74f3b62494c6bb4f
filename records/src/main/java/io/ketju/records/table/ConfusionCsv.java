package io.ketju.records.table;

import io.ketju.actors.job.Measured;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingListener;
import io.ketju.layers.loss.ConfusionMatrix;
import io.ketju.layers.model.HeadMetric;
import java.nio.file.Path;
import java.util.List;

/**
 * Which classes were told for which after every epoch, as {@code confusion.csv}: a row for each pair of a true and a told
 * class that occurred. Only of jobs that measure it.
 */
public final class ConfusionCsv implements TrainingListener, AutoCloseable {
    /** Its name in the run directory. */
    public static final String FILE_NAME = "confusion.csv";

    private static final List<String> COLUMNS = List.of("step", "epoch", "phase", "metric", "true", "told", "count");

    private final RowFile file;
    private long step;

    /**
     * Of one run.
     *
     * @param runDirectory folder of the run, which is there once the run has started
     */
    public ConfusionCsv(Path runDirectory) {
        file = new RowFile(runDirectory.resolve(FILE_NAME));
    }

    @Override
    public void on(TrainingEvent event) {
        switch (event) {
            case TrainingEvent.WaitingForWorkers waiting -> {
                // Nothing is trained yet.
            }
            case TrainingEvent.Started started -> {
                step = started.firstStep() - 1;
                if (HeadMetric.of(started.job().model().heads()).stream().anyMatch(HeadMetric::table)) {
                    file.open(COLUMNS, started.firstStep());
                }
            }
            case TrainingEvent.Restarted again -> file.flush();
            case TrainingEvent.Repartitioned moved -> file.flush();
            case TrainingEvent.StepFinished done -> step = done.step();
            case TrainingEvent.EpochFinished done -> {
                rows(done.epoch(), "train", done.train());
                rows(done.epoch(), "test", done.test());
                file.flush();
            }
            case TrainingEvent.CheckpointCommitted done -> file.flush();
        }
    }

    private void rows(int epoch, String phase, Measured measured) {
        measured.tables().forEach((name, table) -> rows(step + "," + epoch + "," + phase + "," + name, table));
    }

    private void rows(String first, ConfusionMatrix table) {
        for (int real = 0; real < table.classes(); real++) {
            for (int told = 0; told < table.classes(); told++) {
                if (table.count(real, told) > 0) {
                    file.row(first + "," + real + "," + told + "," + table.count(real, told));
                }
            }
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
