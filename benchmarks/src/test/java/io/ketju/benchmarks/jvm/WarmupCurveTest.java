package io.ketju.benchmarks.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WarmupCurveTest {
    @Test
    void aJumpThatDoesNotLastIsNotTheEndOfTheWarmUp() {
        WarmupCurve curve = curve(1, 99, 2, 3, 4, 50, 95, 100, 101, 99, 100, 100, 100, 100);
        assertThat(curve.first()).isEqualTo(1);
        assertThat(curve.steady()).isEqualTo(100);
        assertThat(curve.reached(0.9)).isEqualTo(7);
        assertThat(curve.reached(0.5)).isEqualTo(6);
    }

    @Test
    void aSlowTurnAfterwardsDoesNotUndoIt() {
        assertThat(curve(10, 100, 100, 5, 100, 100, 100, 100, 100).reached(0.9)).isEqualTo(2);
    }

    @Test
    void whatIsNeverReachedIsInfinite() {
        assertThat(curve(1, 1, 1).reached(2)).isInfinite();
    }

    private static WarmupCurve curve(double... rates) {
        WarmupCurve curve = new WarmupCurve();
        for (int i = 0; i < rates.length; i++) {
            curve.add(i + 1, rates[i]);
        }
        return curve;
    }
}
