package io.ketju.actors.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.SmallJobs;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.message.PlannedWindow;
import io.ketju.pipeline.stage.Window;
import io.ketju.pipeline.stage.WindowMetrics;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunReporterTest {
    @Test
    void whatWasNotMeasuredIsAbsent() {
        List<TrainingEvent> events = new ArrayList<>();
        RunReporter reporter = new RunReporter(SmallJobs.tiny().build(), List.of(events::add), () -> 0, 1);
        reporter.started(0, 1);
        reporter.finished(window(Window.Phase.TRAIN, false), 6, new WindowMetrics(9, 2, 6), 0);
        assertThat(reporter.trainLoss()).isEmpty();
        assertThat(reporter.trainAccuracy()).isEmpty();
        assertThat(reporter.testLoss()).isEmpty();
        assertThat(reporter.testAccuracy()).isEmpty();
        reporter.finished(window(Window.Phase.EVALUATE, true), 6, new WindowMetrics(3, 3, 6), 0);
        assertThat(reporter.trainLoss()).hasValue(1.5);
        assertThat(reporter.trainAccuracy()).hasValue(2 / 6.0);
        assertThat(reporter.testLoss()).hasValue(0.5);
        assertThat(reporter.testAccuracy()).hasValue(0.5);
        assertThat(((TrainingEvent.StepFinished) events.get(1)).accuracy()).hasValue(2 / 6.0);
    }

    private static PlannedWindow window(Window.Phase phase, boolean endsEpoch) {
        return new PlannedWindow(0, phase, 1, 1, 0, endsEpoch, false);
    }
}
