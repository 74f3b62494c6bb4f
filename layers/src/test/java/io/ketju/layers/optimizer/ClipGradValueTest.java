package io.ketju.layers.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClipGradValueTest {
    @Test
    void itsTextReadsBack() {
        for (double value : new double[] {1, 0.1, 1e-30, 3e38}) {
            ClipGradValue bound = new ClipGradValue(value);
            assertThat(ClipGradValue.parse(bound.toString())).isEqualTo(bound);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "-0.0", "NaN", "Infinity", "1e-300", "1e300"})
    void whatIsNoBoundIsRefused(String text) {
        assertThatThrownBy(() -> ClipGradValue.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected a largest value > 0, found " + Double.parseDouble(text));
    }

    @Test
    void whatIsNoNumberIsQuoted() {
        assertThatThrownBy(() -> ClipGradValue.parse("much"))
                .hasMessage("expected a largest value > 0, found \"much\"");
    }
}
