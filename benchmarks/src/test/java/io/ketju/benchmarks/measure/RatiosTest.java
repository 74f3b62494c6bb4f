package io.ketju.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RatiosTest {
    @Test
    void twiceAsFastAndHalfAsFastComeToTheSame() {
        Ratios ratios = new Ratios();
        ratios.add("a", 2);
        ratios.add("b", 0.5);
        assertThat(ratios.geometricMean()).isCloseTo(1, Offset.offset(1e-12));
        assertThat(ratios.worst()).isEqualTo(0.5);
        assertThat(ratios.summary()).isEqualTo("geometric mean 1.00 of 2, worst 0.50 (b), 2.00 (a)");
    }

    @Test
    void severalTablesComeTogether() {
        Ratios one = new Ratios();
        one.add("a", 4);
        Ratios all = new Ratios();
        assertThat(all.isEmpty()).isTrue();
        all.addAll(one);
        all.addAll(one);
        assertThat(all.summary()).contains("4.00 of 2");
    }

    @Test
    void whatIsNoRatioIsRefused() {
        assertThatThrownBy(() -> new Ratios().add("a", Double.NaN)).hasMessageContaining("for a");
        assertThatThrownBy(() -> new Ratios().add("b", 0)).hasMessageContaining("for b");
    }
}
