package io.ketju.actors.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.SmallJobs;
import io.ketju.actors.job.Measured;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.PlannedWindow;
import io.ketju.pipeline.stage.ParameterHistograms;
import io.ketju.pipeline.stage.ValueHistogram;
import io.ketju.pipeline.stage.Window;
import io.ketju.pipeline.stage.WindowMetrics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RunReporterTest {
    @Test
    void whatWasNotMeasuredIsAbsent() {
        List<TrainingEvent> events = new ArrayList<>();
        RunReporter reporter = new RunReporter(SmallJobs.tiny().build(), List.of(events::add), () -> 0, 1);
        reporter.started(0, 1);
        reporter.finished(
                window(Window.Phase.TRAIN, false),
                6,
                new WindowMetrics(9, 6, Map.of("accuracy", List.of(2.0, 6.0))),
                0);
        assertThat(reporter.train()).isEqualTo(Measured.NONE);
        assertThat(reporter.test()).isEqualTo(Measured.NONE);
        reporter.finished(
                window(Window.Phase.EVALUATE, true),
                6,
                new WindowMetrics(3, 6, Map.of("accuracy", List.of(3.0, 6.0))),
                0);
        assertThat(reporter.train()).isEqualTo(Measured.of(Map.of("loss", 1.5, "accuracy", 2 / 6.0)));
        assertThat(reporter.test()).isEqualTo(Measured.of(Map.of("loss", 0.5, "accuracy", 0.5)));
        assertThat(reporter.test().values().firstEntry().getKey()).isEqualTo("loss");
        assertThat(((TrainingEvent.StepFinished) events.get(1)).metrics()).isEqualTo(reporter.train());
    }

    /** A stage that is an epoch ahead has counted its parameters already; they belong to the epoch of their step. */
    @Test
    void whatAStageAheadCountedIsToldWithItsOwnEpoch() {
        TrainingJob job = SmallJobs.tiny().build();
        List<TrainingEvent> events = new ArrayList<>();
        RunReporter reporter = new RunReporter(job, List.of(events::add), () -> 0, 1);
        reporter.started(0, 1);
        ParameterHistograms first = counted("1.weight", 1);
        ParameterHistograms last = counted("5.weight", 2);
        ParameterHistograms firstAgain = counted("1.weight", 3);
        ParameterHistograms lastAgain = counted("5.weight", 4);
        reporter.counted(1, last);
        reporter.counted(2, lastAgain);
        reporter.counted(1, first);
        reporter.finished(epochEnd(1), 6, new WindowMetrics(3, 6, Map.of("accuracy", List.of(3.0, 6.0))), 0);
        reporter.counted(2, firstAgain);
        reporter.finished(epochEnd(2), 6, new WindowMetrics(3, 6, Map.of("accuracy", List.of(3.0, 6.0))), 0);
        assertThat(events)
                .filteredOn(TrainingEvent.EpochFinished.class::isInstance)
                .extracting(event -> ((TrainingEvent.EpochFinished) event).histograms())
                .containsExactly(List.of(first, last), List.of(firstAgain, lastAgain));
    }

    private static ParameterHistograms counted(String parameter, int bin) {
        return new ParameterHistograms(parameter, new ValueHistogram(List.of(bin), List.of(1L)), Optional.empty());
    }

    private static PlannedWindow epochEnd(int epoch) {
        return new PlannedWindow(epoch, Window.Phase.EVALUATE, 0, epoch, true, epoch, 0, true, false);
    }

    @Test
    void whatAStartAfterAFailureRepeatsIsToldOnce() {
        List<TrainingEvent> events = new ArrayList<>();
        RunReporter reporter = new RunReporter(SmallJobs.tiny().build(), List.of(events::add), () -> 0, 1);
        reporter.started(0, 2);
        reporter.finished(
                window(Window.Phase.TRAIN, false),
                6,
                new WindowMetrics(9, 6, Map.of("accuracy", List.of(2.0, 6.0))),
                0);
        reporter.restarting(new RunReporter.Restart("worker 2 was lost", 1));
        reporter.started(0, 1);
        reporter.finished(
                window(Window.Phase.TRAIN, false),
                6,
                new WindowMetrics(9, 6, Map.of("accuracy", List.of(2.0, 6.0))),
                0);
        reporter.finished(
                window(Window.Phase.EVALUATE, true),
                6,
                new WindowMetrics(3, 6, Map.of("accuracy", List.of(3.0, 6.0))),
                0);
        assertThat(events)
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("Started", "StepFinished", "Restarted", "EpochFinished");
        assertThat(events.get(2)).isEqualTo(new TrainingEvent.Restarted("worker 2 was lost", 1, 1, 1));
        assertThat(reporter.train()).isEqualTo(Measured.of(Map.of("loss", 1.5, "accuracy", 2 / 6.0)));
        reporter.restarting(new RunReporter.Restart("worker 1 was lost", 1));
        reporter.started(1, 1);
        reporter.finished(
                window(Window.Phase.EVALUATE, true),
                6,
                new WindowMetrics(3, 6, Map.of("accuracy", List.of(3.0, 6.0))),
                0);
        assertThat(events.getLast()).isEqualTo(new TrainingEvent.Restarted("worker 1 was lost", 2, 2, 1));
    }

    /** What more is told of an epoch is of the weights after it: it waits for their checkpoint, whatever comes between. */
    @Test
    void anEpochOfWhichMoreIsToldWaitsForItsCheckpoint() {
        List<TrainingEvent> events = new ArrayList<>();
        List<Path> asked = new ArrayList<>();
        RunReporter reporter = new RunReporter(SmallJobs.tiny().build(), List.of(events::add), () -> 0, 1);
        reporter.scoredBy(Optional.of(checkpoint -> {
            asked.add(checkpoint);
            assertThat(events.getLast()).isEqualTo(new TrainingEvent.CheckpointCommitted(1, checkpoint));
            return new TreeMap<>(Map.of("bleu", 0.25));
        }));
        reporter.started(0, 2);
        for (int start = 0; start < 2; start++) {
            WindowMetrics measured = new WindowMetrics(3, 6, Map.of("accuracy", List.of(3.0, 6.0)));
            reporter.finished(window(Window.Phase.TRAIN, false), 6, measured, 0);
            reporter.finished(epochEnd(1), 6, measured, 0);
            reporter.kept(0, Path.of("step-0"));
            assertThat(events).noneMatch(TrainingEvent.EpochFinished.class::isInstance);
            if (start == 0) {
                reporter.restarting(new RunReporter.Restart("worker 2 was lost", 1));
                reporter.started(0, 1);
            }
        }
        reporter.checkpointed(1, Path.of("step-1"), true);
        reporter.kept(1, Path.of("step-1"));
        assertThat(events)
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("Started", "StepFinished", "Restarted", "CheckpointCommitted", "EpochFinished");
        assertThat(((TrainingEvent.EpochFinished) events.getLast()).test())
                .isEqualTo(reporter.test())
                .isEqualTo(Measured.of(Map.of("loss", 0.5, "accuracy", 0.5, "bleu", 0.25)));
        assertThat(asked).containsExactly(Path.of("step-1"));
    }

    @Test
    void anErrorOfWhatMoreIsToldIsToldInOneLine() {
        RunReporter reporter = new RunReporter(SmallJobs.tiny().build(), List.of(), () -> 0, 1);
        reporter.scoredBy(Optional.of(checkpoint -> {
            throw new OutOfMemoryError("Cannot reserve 7 bytes of direct buffer memory");
        }));
        reporter.started(0, 1);
        reporter.finished(epochEnd(1), 6, new WindowMetrics(3, 6, Map.of("accuracy", List.of(3.0, 6.0))), 0);
        assertThatThrownBy(() -> reporter.checkpointed(1, Path.of("step-1"), true))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "what is measured of epoch 1 beside its windows: java.lang.OutOfMemoryError: Cannot reserve 7"
                                + " bytes of direct buffer memory");
    }

    /** A worker that was lost before all were connected: listeners hear of the run first. */
    @Test
    void aRunThatNeverStartedIsToldAsStarted() {
        List<TrainingEvent> events = new ArrayList<>();
        RunReporter reporter = new RunReporter(SmallJobs.tiny().build(), List.of(events::add), () -> 0, 1);
        reporter.restarting(new RunReporter.Restart("worker 2 was lost", 1));
        reporter.started(0, 2);
        assertThat(events)
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("Started", "Restarted");
    }

    private static PlannedWindow window(Window.Phase phase, boolean endsEpoch) {
        return new PlannedWindow(0, phase, 0, 1, true, 1, 0, endsEpoch, false);
    }
}
