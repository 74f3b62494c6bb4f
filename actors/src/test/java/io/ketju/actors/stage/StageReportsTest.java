package io.ketju.actors.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.RunFailure;
import io.ketju.pipeline.stage.WindowMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

class StageReportsTest {
    private static final int STAGE = 3;

    private final TestInbox<CoordinatorCommand> coordinator = TestInbox.create();
    private final List<Duration> alarms = new ArrayList<>();
    private int granted = 15;
    private final StageReports reports =
            new StageReports(StageReports.FEW_LEFT, 1, coordinator.getRef(), () -> granted, alarms::add);

    @Test
    void withLittleLeftEachWindowIsToldOfAtOnce() {
        for (granted = StageReports.FEW_LEFT; granted >= 0; granted--) {
            finish(granted);
            assertThat(told()).containsExactly("window " + granted);
        }
        assertThat(alarms).isEmpty();
    }

    @Test
    void withMuchLeftSeveralAreToldOfTogether() {
        for (int window = 0; window < StageReports.MOST_HELD - 1; window++) {
            finish(window);
        }
        assertThat(told()).isEmpty();
        finish(StageReports.MOST_HELD - 1);
        assertThat(told()).hasSize(StageReports.MOST_HELD).startsWith("window 0", "window 1");
    }

    @Test
    void whatIsHeldGoesInOneMessage() {
        for (int window = 0; window < StageReports.MOST_HELD; window++) {
            finish(window);
        }
        assertThat(coordinator.getAllReceived())
                .singleElement()
                .isInstanceOfSatisfying(
                        CoordinatorCommand.WindowsFinished.class,
                        several -> assertThat(several.finished()).hasSize(StageReports.MOST_HELD));
    }

    @Test
    void windowsThatMeasuredMuchGoInMessagesOfTheirOwn() {
        int most = StageReports.MOST_NUMBERS;
        finish(0, 1);
        finish(1, most + 1);
        finish(2, most);
        finish(3, most / 2);
        finish(4, most / 2);
        reports.tellFinished();
        assertThat(coordinator.getAllReceived())
                .map(report -> report instanceof CoordinatorCommand.WindowsFinished several
                        ? several.finished().size()
                        : 1)
                .containsExactly(1, 1, 1, 2);
    }

    @Test
    void theLastOnesAreNotHeldBack() {
        finish(0);
        finish(1);
        granted = 0;
        finish(2);
        assertThat(told()).containsExactly("window 0", "window 1", "window 2");
    }

    @Test
    void theAlarmIsSetOnceForAllThatIsHeld() {
        finish(0);
        finish(1);
        assertThat(alarms).containsExactly(StageReports.LONGEST_HELD);
        reports.tellFinished();
        assertThat(told()).containsExactly("window 0", "window 1");
        finish(2);
        assertThat(alarms).hasSize(2);
    }

    @Test
    void whateverElseIsToldComesAfterWhatWasHeld() {
        finish(0);
        reports.sumsMade(STAGE, 1, List.of(1.0));
        assertThat(told()).containsExactly("window 0", "SumsMade");
        finish(1);
        reports.neighbourLost(2, 1, "closed");
        assertThat(told()).containsExactly("window 1", "NeighbourLost");
        finish(2);
        reports.failed(new RunFailure.StageFailed(STAGE, 3, "broken"), Optional.empty());
        assertThat(told()).containsExactly("window 2", "StageFailed");
    }

    @Test
    void whoFallsSilentTellsWhatWasFinishedBefore() {
        finish(0);
        reports.fallSilent();
        assertThat(told()).containsExactly("window 0");
    }

    private void finish(int window) {
        reports.windowFinished(STAGE, window, Optional.empty(), 1);
    }

    private void finish(int window, int numbers) {
        WindowMetrics measured = new WindowMetrics(new TreeMap<>(), Collections.nCopies(numbers, 0.5), 1);
        reports.windowFinished(STAGE, window, Optional.of(measured), 1);
    }

    private List<String> told() {
        return coordinator.getAllReceived().stream()
                .flatMap(report -> report instanceof CoordinatorCommand.WindowsFinished several
                        ? several.finished().stream()
                        : Stream.of(report))
                .map(report -> report instanceof CoordinatorCommand.WindowFinished finished
                        ? "window " + finished.window()
                        : report.getClass().getSimpleName())
                .toList();
    }
}
