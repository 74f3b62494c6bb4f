package io.ketju.records.table;

import io.ketju.actors.job.Measured;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.layers.model.HeadMetric;
import io.ketju.pipeline.StepRules;
import io.ketju.records.text.MetricText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which numbers of a run make a row: one per step, two per epoch, in whatever format. */
abstract sealed class MetricRows implements TrainingListener, AutoCloseable permits MetricsCsv, MetricsJson {
    /**
     * One row.
     *
     * @param phase {@code step}, {@code train} (mean of an epoch) or {@code test}
     * @param speed the step that it is of; null in rows of epochs
     */
    record Row(long step, int epoch, String phase, Measured measured, TrainingEvent.@Nullable StepFinished speed) {}

    private final RowFile file;
    private List<String> names = List.of();
    private long step;

    MetricRows(RowFile file) {
        this.file = file;
    }

    /** Opens the file for rows with these numbers, from a step on. */
    abstract void open(RowFile rows, List<String> names, long firstStep);

    /** The row as a line of the file. */
    abstract String line(Row row, List<String> names);

    @Override
    public final void on(TrainingEvent event) {
        switch (event) {
            case TrainingEvent.WaitingForWorkers waiting -> {
                // Nothing is trained yet.
            }
            case TrainingEvent.Started started -> {
                names = names(started.job());
                step = started.firstStep() - 1;
                open(file, names, started.firstStep());
            }
            case TrainingEvent.Restarted again -> file.flush();
            case TrainingEvent.Repartitioned moved -> file.flush();
            case TrainingEvent.StepFinished done -> {
                step = done.step();
                write(new Row(step, done.epoch(), "step", done.numbers(), done));
            }
            case TrainingEvent.EpochFinished done -> {
                write(new Row(step, done.epoch(), "train", done.train(), null));
                write(new Row(step, done.epoch(), "test", done.test(), null));
                file.flush();
            }
            case TrainingEvent.CheckpointCommitted done -> file.flush();
        }
    }

    private void write(Row row) {
        if (file.isOpen()) {
            file.row(line(row, names));
        }
    }

    /** All that is told of a job's steps: what its heads measure, what its rules tell, and its learning rates. */
    static List<String> names(TrainingJob job) {
        List<String> told = new ArrayList<>(new MetricText(job.model().heads()).names());
        StepRules rules = job.pipeline().recipe().rules();
        if (!rules.penalties().isEmpty()) {
            told.add(HeadMetric.PENALTY);
        }
        if (rules.tellsGradNorm()) {
            told.add(HeadMetric.GRAD_NORM);
        }
        if (rules.skips()) {
            told.add(HeadMetric.SKIPPED_STEPS);
        }
        told.addAll(job.pipeline().recipe().rateNames());
        return List.copyOf(told);
    }

    @Override
    public final void close() {
        file.close();
    }
}
