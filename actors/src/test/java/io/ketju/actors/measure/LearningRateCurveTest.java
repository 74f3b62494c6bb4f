package io.ketju.actors.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LearningRateCurveTest {
    /** Flat, then down by a logistic curve around 0.01, then up: the steepest place is near that, the least behind it. */
    @Test
    void theRateIsWhereTheLossFallsFastest() {
        int steps = 200;
        LearningRateCurve curve = new LearningRateCurve(1e-6, 10, steps);
        for (int i = 0; i < steps && !curve.diverged(); i++) {
            double exponent = -6 + 7.0 * i / (steps - 1);
            double falling = 2.5 - 2 / (1 + Math.exp(-6 * (exponent + 2)));
            curve.add(falling + Math.exp(8 * (exponent - 0.2)));
        }
        assertThat(curve.diverged()).isTrue();
        assertThat(curve.points()).hasSizeLessThan(steps);
        double steepest = curve.steepest().orElseThrow().rate();
        // The average of the last ten steps or so lags behind by about as many: a factor of 1.084 each.
        assertThat(steepest).isBetween(0.008, 0.03);
        assertThat(curve.lowest().rate()).isGreaterThan(steepest);
        assertThat(curve.points().getFirst().rate()).isEqualTo(1e-6);
        assertThat(curve.points().get(1).rate() / curve.points().get(0).rate())
                .isCloseTo(curve.factor(), within(1e-12));
        assertThat(StrictMath.pow(curve.factor(), steps - 1.0)).isCloseTo(1e7, within(1.0));
    }

    @Test
    void theAverageOfEqualLossesIsTheLoss() {
        LearningRateCurve curve = new LearningRateCurve(0.001, 1, 20);
        for (int i = 0; i < 20; i++) {
            curve.add(2);
        }
        assertThat(curve.points())
                .allSatisfy(point -> assertThat(point.average()).isCloseTo(2, within(1e-12)));
        assertThat(curve.diverged()).isFalse();
    }

    @Test
    void aLossThatOnlyRisesSuggestsNothing() {
        LearningRateCurve curve = new LearningRateCurve(0.001, 1, 20);
        for (int i = 0; i < 20; i++) {
            curve.add(1 + i);
        }
        assertThat(curve.diverged()).isTrue();
        assertThat(curve.steepest()).isEmpty();
    }

    @Test
    void aLossThatIsNoNumberEndsTheTest() {
        LearningRateCurve curve = new LearningRateCurve(0.001, 1, 20);
        curve.add(1);
        curve.add(Double.NaN);
        curve.add(0.5);
        assertThat(curve.diverged()).isTrue();
        assertThat(curve.points()).hasSize(1);
        assertThat(curve.steepest()).isEmpty();
    }

    @Test
    void badRangesAreRefused() {
        assertThatThrownBy(() -> new LearningRateCurve(0, 1, 20)).hasMessageContaining("found 0.0 to 1.0");
        assertThatThrownBy(() -> new LearningRateCurve(1, 1, 20)).hasMessageContaining("found 1.0 to 1.0");
        assertThatThrownBy(() -> new LearningRateCurve(1, 2, 9)).hasMessage("expected at least 10 steps, found 9");
    }
}
