package io.ketju.actors.run;

import io.ketju.actors.job.Measured;
import io.ketju.actors.job.TimelineWatcher;
import io.ketju.actors.job.TrainingControl;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingEvent.StepFinished;
import io.ketju.actors.job.TrainingListener;
import io.ketju.layers.loss.Reported;
import io.ketju.layers.model.Head;
import io.ketju.layers.model.HeadMetric;
import io.ketju.tensor.Excerpt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the caller of a session reports of its steps, beside what their windows measure: listeners hear it with the step. The caller's
 * thread puts it there, that of the run takes it.
 */
final class SessionReports {
    private final List<String> names;
    private SequencedMap<String, Double> next = new LinkedHashMap<>();
    /** By step. When one is asked for, listeners have heard of all but the one before it. */
    private final Map<Long, Map<String, Double>> ofSteps = new ConcurrentHashMap<>();

    SessionReports(List<Head> heads) {
        names = HeadMetric.of(heads).stream()
                .filter(told -> told.metric().filter(Reported.class::isInstance).isPresent())
                .map(HeadMetric::name)
                .toList();
    }

    /** Takes a number for the next step; the last one counts. */
    synchronized void take(String name, double value) {
        if (!names.contains(name)) {
            throw new IllegalArgumentException("no metric '" + Excerpt.of(name)
                    + "' that is reported; the model's losses have " + (names.isEmpty() ? "none" : names));
        }
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("metric '" + name + "': expected a finite number, found " + value);
        }
        next.put(name, value);
    }

    /** The step that is asked for now is that of all numbers since the last; returns them. */
    synchronized Map<String, Double> begin(long step) {
        Map<String, Double> told = next;
        next = new LinkedHashMap<>();
        ofSteps.keySet().removeIf(earlier -> earlier < step - 1);
        ofSteps.put(step, told);
        return told;
    }

    /** The same listeners, who hear what was reported with the steps. */
    List<TrainingListener> heardBy(List<TrainingListener> listeners) {
        return listeners.stream().<TrainingListener>map(Reporting::new).toList();
    }

    private TrainingEvent with(TrainingEvent event) {
        if (!(event instanceof StepFinished step)) {
            return event;
        }
        Measured metrics = step.metrics().with(ofSteps.getOrDefault(step.step(), Map.of()));
        return new StepFinished(
                step.step(),
                step.epoch(),
                metrics,
                step.samples(),
                step.samplesPerSecond(),
                step.bubble(),
                step.learningRates());
    }

    private final class Reporting implements TrainingListener {
        private final TrainingListener listener;

        Reporting(TrainingListener listener) {
            this.listener = listener;
        }

        @Override
        public void on(TrainingEvent event) {
            listener.on(with(event));
        }

        @Override
        public void on(TrainingEvent event, TrainingControl run) {
            listener.on(with(event), run);
        }

        @Override
        public Optional<TimelineWatcher> timeline() {
            return listener.timeline();
        }
    }
}
