package io.ketju.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SamplesTest {
    private static final Offset<Double> EXACT = Offset.offset(1e-12);

    @Test
    void theMedianIsTheMiddleValueOrTheMeanOfTheTwoInTheMiddle() {
        assertThat(new Samples(List.of(9.0, 1.0, 5.0)).median()).isEqualTo(5);
        assertThat(new Samples(List.of(9.0, 1.0, 5.0, 7.0)).median()).isEqualTo(6);
        assertThat(new Samples(List.of(4.0)).median()).isEqualTo(4);
    }

    @Test
    void theSpreadIsTheDistanceOfTheQuartilesRelativeToTheMedian() {
        assertThat(new Samples(List.of(5.0, 1.0, 2.0, 4.0, 3.0)).spread()).isCloseTo(2.0 / 3, EXACT);
        assertThat(new Samples(List.of(4.0)).spread()).isZero();
    }

    @Test
    void ratiosPairRoundsSoThatALoadedRoundCountsOnce() {
        Samples fast = new Samples(List.of(10.0, 2.0, 10.0));
        Samples slow = new Samples(List.of(5.0, 1.0, 1.0));
        assertThat(fast.ratioTo(slow)).isEqualTo(2);
    }

    @Test
    void nothingHasNoMedianAndUnequalRoundsHaveNoRatio() {
        assertThatThrownBy(() -> new Samples(List.of())).hasMessageContaining("at least one value");
        assertThatThrownBy(() -> new Samples(List.of(1.0, Double.POSITIVE_INFINITY)))
                .hasMessageContaining("too short for the clock");
        Samples one = new Samples(List.of(1.0));
        assertThatThrownBy(() -> one.ratioTo(new Samples(List.of(1.0, 2.0)))).hasMessageContaining("1 against 2");
    }
}
