package io.ketju.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What people write about other cuts of a run, and read again. */
class RepartitionTextTest {
    @Test
    void wishesReadBack() {
        for (Repartition wish : List.of(Repartition.stages(3), Repartition.stageBounds(List.of(0, 12, 345)))) {
            assertThat(Repartition.parse(wish.toString())).isEqualTo(wish);
        }
        assertThat(Repartition.parse("workers +2"))
                .isEqualTo(Repartition.workers(2))
                .hasToString("workers +2");
        assertThat(Repartition.parse("workers -1"))
                .isEqualTo(Repartition.workers(-1))
                .hasToString("workers -1");
        assertThat(Repartition.parse(" stage-bounds [0,2 , 5]\n")).isEqualTo(Repartition.stageBounds(List.of(0, 2, 5)));
        for (String text : List.of(
                "", "stages", "stages -1", "stage-bounds []", "stages 3 4", "stages 12345678901", "workers 1")) {
            assertThatThrownBy(() -> Repartition.parse(text))
                    .isInstanceOf(InvalidJobException.class)
                    .hasMessage("repartition: expected 'stages 3', 'stage-bounds [0, 2, 5]' or 'workers +1', found '"
                            + text + "'");
        }
    }

    @Test
    void rulesReadBack() {
        assertThat(Rebalance.AUTO).hasToString("auto");
        assertThat(Rebalance.parse("off")).isEmpty();
        for (Rebalance rule : List.of(Rebalance.AUTO, new Rebalance(0.25, 7, 0))) {
            assertThat(Rebalance.parse(rule.toString())).contains(rule);
        }
        assertThatThrownBy(() -> Rebalance.parse("atuo")).hasMessageContaining("did you mean 'auto'?");
        assertThatThrownBy(() -> Rebalance.parse("auto(gain=1)")).hasMessageContaining("argument 'gain'");
        assertThatThrownBy(() -> Rebalance.parse("auto(steps=0)")).hasMessageContaining("argument 'steps'");
        assertThatThrownBy(() -> Rebalance.parse("auto(seconds=-1)")).hasMessageContaining("argument 'seconds'");
    }
}
