package io.ketju.actors.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.stage.StageEffect;
import io.ketju.pipeline.stage.StageEvent;
import io.ketju.pipeline.stage.Window;
import io.ketju.pipeline.trace.Cause;
import io.ketju.pipeline.trace.TracedAction;
import java.util.List;
import org.junit.jupiter.api.Test;

class RankTraceTest {
    private static final int CAPACITY = 5;

    private final RankTrace trace = new RankTrace(0, List.of(), System.nanoTime(), CAPACITY);

    private void run(int window) {
        Window granted = Window.predicting(window, 0, 1, 1);
        trace.takes(new StageEvent.WindowGranted(granted));
        trace.ready(new StageEffect.RunCompute(granted, new Action(0, Action.Kind.F, 0), List.of()));
        long now = System.nanoTime();
        trace.ended(now, now);
    }

    @Test
    void theNewestRecordsStay() {
        for (int window = 0; window < 3 * CAPACITY + 2; window++) {
            run(window);
        }
        assertThat(trace.actions().stream().map(TracedAction::window)).containsExactly(12L, 13L, 14L, 15L, 16L);
        assertThat(trace.dropped()).isEqualTo(2 * CAPACITY + 2);
        assertThat(trace.actions().getFirst().cause()).isEqualTo(Cause.of(Cause.Reason.WINDOW));
    }

    @Test
    void anActionThatHasNotEndedIsNoneOfThemNorIsAnythingAfterTheEnd() {
        run(0);
        Window granted = Window.predicting(1, 0, 1, 1);
        trace.ready(new StageEffect.RunCompute(granted, new Action(0, Action.Kind.F, 0), List.of()));
        trace.takes(new StageEvent.Aborted("the run is over"));
        trace.ended(System.nanoTime(), System.nanoTime());
        run(2);
        assertThat(trace.actions().stream().map(TracedAction::window)).containsExactly(0L);
        assertThat(trace.dropped()).isZero();
    }
}
