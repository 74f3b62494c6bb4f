package io.ketju.actors.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.message.PlannedWindow;
import io.ketju.pipeline.stage.Window.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportedWindowsTest {
    private static final int STEPS_OF_EPOCH = 3;

    @Test
    void withoutARestartEveryWindowIsNew() {
        ReportedWindows reported = new ReportedWindows();
        assertThat(run(3, 2, 0)).allMatch(reported::isNew);
    }

    /** Of a run of several windows a step, which breaks off anywhere and goes on from an earlier epoch, several times. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverIsRepeatedIsNewOnce(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int windowsOfStep = random.nextInt(1, 4);
        int tests = random.nextInt(0, 3);
        List<PlannedWindow> whole = run(windowsOfStep, tests, 0);
        ReportedWindows reported = new ReportedWindows();
        List<PlannedWindow> told = new ArrayList<>();
        int reached = 0;
        for (int start = 0; start < 6; start++) {
            int epochs = reached / (STEPS_OF_EPOCH * windowsOfStep + tests);
            List<PlannedWindow> rest = run(windowsOfStep, tests, epochs == 0 ? 0 : random.nextInt(epochs));
            int some = start == 5 ? rest.size() : random.nextInt(rest.size());
            rest.subList(0, some).stream().filter(reported::isNew).forEach(told::add);
            reached = Math.max(reached, whole.size() - rest.size() + some);
            reported.restarted();
        }
        assertThat(told).isEqualTo(whole);
    }

    /** With none left to take, the last evaluation is done again. */
    @Test
    void anEvaluationThatIsRepeatedAloneIsNotNew() {
        ReportedWindows reported = new ReportedWindows();
        List<PlannedWindow> whole = run(1, 2, 0);
        whole.forEach(reported::isNew);
        reported.restarted();
        assertThat(whole.subList(whole.size() - 2, whole.size())).noneMatch(reported::isNew);
    }

    private static List<PlannedWindow> run(int windowsOfStep, int tests, int fromEpoch) {
        List<PlannedWindow> windows = new ArrayList<>();
        for (int epoch = fromEpoch + 1; epoch <= 4; epoch++) {
            long first = (epoch - 1L) * STEPS_OF_EPOCH;
            for (long step = first + 1; step <= first + STEPS_OF_EPOCH; step++) {
                for (int window = 0; window < windowsOfStep; window++) {
                    windows.add(window(Phase.TRAIN, step, epoch, window, window == windowsOfStep - 1));
                }
            }
            for (int test = 0; test < tests; test++) {
                windows.add(window(Phase.EVALUATE, first + STEPS_OF_EPOCH, epoch, test, true));
            }
        }
        return windows;
    }

    private static PlannedWindow window(Phase phase, long step, int epoch, int batch, boolean endsStep) {
        return new PlannedWindow(0, phase, 0, step, endsStep, epoch, batch, false, false);
    }
}
