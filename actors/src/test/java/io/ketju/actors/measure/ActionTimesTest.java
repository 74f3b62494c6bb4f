package io.ketju.actors.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.SimulationCosts.StageCosts;
import io.ketju.pipeline.stage.ActionResult;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What actions took, by a clock that the test turns. */
class ActionTimesTest {
    private final AtomicLong now = new AtomicLong(1000);
    private final ActionTimes times = new ActionTimes(2, now::get);

    @Test
    void aStagesActionsCountByTheirKind() {
        took("0F0", 7);
        took("0F1", 9);
        took("0F2", 11);
        took("0B0", 20);
        took("0B1", 30);
        took("1F0", 4);

        assertThat(times.costs()).containsExactly(new StageCosts(9, 25, 0, 0, 0), new StageCosts(4, 0, 0, 0, 0));
    }

    @Test
    void oneThatWasHeldUpDoesNotMoveTheMiddle() {
        took("1B0", 10);
        took("1B1", 4000);
        took("1B2", 12);

        assertThat(times.medians().get(1)).isEqualTo(new StageCosts(0, 12, 0, 0, 0));
        assertThat(times.medians().getFirst()).isEqualTo(new StageCosts(0, 0, 0, 0, 0));
    }

    @Test
    void whatIsForgottenCountsNoMore() {
        took("1F0", 4);
        times.clear();
        took("1F1", 6);

        assertThat(times.costs().get(1).forward()).isEqualTo(6);
    }

    private void took(String action, long nanos) {
        Action parsed = Action.parse(action);
        ActionResult result = new ActionResult(parsed, List.of());
        ActionResult given = times.around(parsed, () -> {
            now.addAndGet(nanos);
            return result;
        });
        assertThat(given).isSameAs(result);
    }
}
