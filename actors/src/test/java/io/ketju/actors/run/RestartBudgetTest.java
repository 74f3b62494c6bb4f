package io.ketju.actors.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RestartBudgetTest {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    @Test
    void zeroIsNeverAndSaysNothing() {
        assertThat(new RestartBudget(0).failed(0, 10)).isEqualTo(new RestartBudget.Over(Optional.empty()));
    }

    @Test
    void soManyWithinAnHour() {
        RestartBudget budget = new RestartBudget(2);
        assertThat(budget.failed(0, 1)).isEqualTo(again(0));
        assertThat(budget.failed(30 * MINUTE, 2)).isEqualTo(again(0));
        assertThat(budget.failed(59 * MINUTE, 3))
                .isEqualTo(over("not started again: 2 within an hour is the limit (max-restarts)"));
        assertThat(budget.failed(60 * MINUTE, 4)).isEqualTo(again(0));
        assertThat(budget.failed(61 * MINUTE, 5)).isInstanceOf(RestartBudget.Over.class);
        assertThat(budget.failed(90 * MINUTE, 6)).isEqualTo(again(0));
    }

    /** A clock may begin anywhere. */
    @Test
    void theHourIsADifferenceOfTimes() {
        RestartBudget budget = new RestartBudget(1);
        long begin = Long.MAX_VALUE - 10 * MINUTE;
        assertThat(budget.failed(begin, 1)).isEqualTo(again(0));
        assertThat(budget.failed(begin + 59 * MINUTE, 2)).isInstanceOf(RestartBudget.Over.class);
        assertThat(budget.failed(begin + 60 * MINUTE, 3)).isEqualTo(again(0));
    }

    @Test
    void startsThatBringNoStepPauseAndEnd() {
        RestartBudget budget = new RestartBudget(10);
        assertThat(budget.failed(0, 40)).isEqualTo(again(0));
        assertThat(budget.failed(1, 40)).as("first in vain").isEqualTo(again(0));
        assertThat(budget.failed(2, 39)).as("second in vain").isEqualTo(again(1));
        assertThat(budget.failed(3, 40)).as("third in vain").isEqualTo(again(2));
        assertThat(budget.failed(4, 0)).isEqualTo(over("not started again: the last 3 starts brought no step"));
    }

    @Test
    void aStepMakesGoodForStartsInVain() {
        RestartBudget budget = new RestartBudget(10);
        for (int time = 0; time < 3; time++) {
            assertThat(budget.failed(time, 0)).isInstanceOf(RestartBudget.Again.class);
        }
        assertThat(budget.failed(3, 1)).isEqualTo(again(0));
        assertThat(budget.failed(4, 1)).isEqualTo(again(0));
    }

    private static RestartBudget.Again again(int pauseSeconds) {
        return new RestartBudget.Again(Duration.ofSeconds(pauseSeconds));
    }

    private static RestartBudget.Over over(String why) {
        return new RestartBudget.Over(Optional.of(why));
    }
}
