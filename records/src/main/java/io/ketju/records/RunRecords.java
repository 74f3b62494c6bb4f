package io.ketju.records;

import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingListener;
import io.ketju.records.sample.RunSamples;
import io.ketju.records.table.ConfusionCsv;
import io.ketju.records.table.MetricsCsv;
import io.ketju.records.table.MetricsJson;
import io.ketju.records.tensorboard.TensorBoardEvents;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The numbers of a run, written into its folder while it goes on: whole once this is closed, which may be done twice. One that is
 * given to a run that goes on drops what came after its checkpoint. A file that cannot be written ends the run ({@link
 * java.io.UncheckedIOException}): nobody wants to learn that after hours.
 */
public final class RunRecords implements TrainingListener, AutoCloseable {
    /** In what form numbers are kept. */
    public enum Form {
        /** {@code metrics.csv}, and {@code confusion.csv} of a job that measures it: see {@link MetricsCsv}. */
        CSV,
        /** {@code metrics.jsonl}: see {@link MetricsJson}. */
        JSON_LINES,
        /** The folder {@code tensorboard}: see {@link TensorBoardEvents}. */
        TENSORBOARD
    }

    private final List<TrainingListener> listeners;
    private final Optional<TensorBoardEvents> events;

    private RunRecords(Optional<Path> folder, Set<Form> forms) {
        events = folder.filter(there -> forms.contains(Form.TENSORBOARD)).map(TensorBoardEvents::new);
        listeners = new ArrayList<>();
        folder.filter(there -> forms.contains(Form.CSV)).ifPresent(there -> {
            listeners.add(new MetricsCsv(there));
            listeners.add(new ConfusionCsv(there));
        });
        folder.filter(there -> forms.contains(Form.JSON_LINES))
                .map(MetricsJson::new)
                .ifPresent(listeners::add);
        events.ifPresent(listeners::add);
    }

    /**
     * All forms: what the command line keeps.
     *
     * @param folder of the run, the job's {@code runDirectory}; nothing is written before the run has started
     * @return for one run
     */
    public static RunRecords in(Path folder) {
        return in(folder, EnumSet.allOf(Form.class));
    }

    /**
     * Some forms.
     *
     * @param folder of the run, the job's {@code runDirectory}; nothing is written before the run has started
     * @param forms any of them
     * @return for one run
     */
    public static RunRecords in(Path folder, Collection<Form> forms) {
        return new RunRecords(Optional.of(folder), Set.copyOf(forms));
    }

    /**
     * For runs that keep nothing.
     *
     * @return writes nothing
     */
    public static RunRecords nowhere() {
        return new RunRecords(Optional.empty(), Set.of());
    }

    /**
     * Where pictures and texts of samples go too.
     *
     * @return empty where TensorBoard is told nothing
     */
    public Optional<RunSamples.Board> board() {
        return events.map(board -> board);
    }

    @Override
    public void on(TrainingEvent event) {
        listeners.forEach(listener -> listener.on(event));
    }

    @Override
    public void close() {
        RuntimeException first = null;
        for (TrainingListener listener : listeners) {
            try {
                ((AutoCloseable) listener).close();
            } catch (RuntimeException e) {
                first = first == null ? e : first;
            } catch (Exception e) {
                throw new IllegalStateException(e); // none of them throws one
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
