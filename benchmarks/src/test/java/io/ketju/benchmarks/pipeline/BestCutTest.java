package io.ketju.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.ketju.pipeline.schedule.SimulationCosts.StageCosts;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which cut is done first, and when, from layer times. */
class BestCutTest {
    private static final double NEAR = 1e-9;

    @Test
    void equalStagesTakeAMicrobatchMoreThanTheyHaveAndTheStep() {
        List<StageCosts> stages = Collections.nCopies(2, layer(1, 2, 3));

        // (m + p - 1) forwards and backwards, then the step.
        assertThat(BestCut.makespan(stages, 8)).isEqualTo(9 * 3 + 3, within(NEAR));
    }

    /** The first stage: forward 1, the heavy one's 8 x (4 + 4), its own backward 1 and its step 5. */
    @Test
    void aHeavyStageDecidesWhenAllAreDone() {
        assertThat(BestCut.makespan(List.of(layer(1, 1, 5), layer(4, 4, 0)), 8))
                .isEqualTo(1 + 64 + 1 + 5, within(NEAR));
    }

    @Test
    void halfOfEqualLayersAreBeforeTheBestCut() {
        BestCut best = BestCut.of(Collections.nCopies(8, layer(1, 2, 0)), 8);

        assertThat(best.layers()).isEqualTo(4);
        assertThat(best.makespan()).isEqualTo(9 * 4 * 3, within(NEAR));
    }

    @Test
    void aLayerThatOutweighsTheOthersIsAlone() {
        List<StageCosts> layers = List.of(layer(9, 18, 0), layer(1, 2, 0), layer(1, 2, 0), layer(1, 2, 0));

        assertThat(BestCut.of(layers, 8).layers()).isEqualTo(1);
        assertThat(BestCut.of(layers.reversed(), 8).layers()).isEqualTo(3);
    }

    @Test
    void ofCutsThatAreEquallyGoodTheFirstCounts() {
        assertThat(BestCut.of(List.of(layer(1, 1, 0), layer(0, 0, 0), layer(1, 1, 0)), 4)
                        .layers())
                .isEqualTo(1);
    }

    @Test
    void oneLayerCannotBeCut() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BestCut.of(List.of(layer(1, 1, 0)), 8))
                .withMessageContaining("cannot be cut");
    }

    private static StageCosts layer(double forward, double backward, double step) {
        return new StageCosts(forward, backward, 0, 0, step);
    }
}
