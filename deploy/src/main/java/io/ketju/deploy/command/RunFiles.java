package io.ketju.deploy.command;

import io.ketju.actors.job.TrainingListener;
import io.ketju.deploy.display.ConfusionCsv;
import io.ketju.deploy.display.MetricsCsv;
import io.ketju.deploy.display.MetricsJson;
import io.ketju.deploy.tensorboard.TensorBoardEvents;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The numbers of a run that are written while it goes on: whole once this is closed, which may be done twice. */
final class RunFiles implements AutoCloseable {
    private final MetricsCsv metrics;
    private final MetricsJson objects;
    private final ConfusionCsv confusion;
    private final TensorBoardEvents events;

    /**
     * @param folder of the run; empty: nothing is written
     * @param tensorBoard whether TensorBoard is to be told
     */
    RunFiles(Optional<Path> folder, boolean tensorBoard) {
        metrics = folder.map(MetricsCsv::new).orElseGet(MetricsCsv::nowhere);
        objects = folder.map(MetricsJson::new).orElseGet(MetricsJson::nowhere);
        confusion = folder.map(ConfusionCsv::new).orElseGet(ConfusionCsv::nowhere);
        events = new TensorBoardEvents(folder.filter(there -> tensorBoard));
    }

    List<TrainingListener> listeners() {
        return List.of(metrics, objects, confusion, events);
    }

    TensorBoardEvents events() {
        return events;
    }

    @Override
    public void close() {
        try (metrics;
                objects;
                confusion;
                events) {
            // Each of them, whatever another does.
        }
    }
}
