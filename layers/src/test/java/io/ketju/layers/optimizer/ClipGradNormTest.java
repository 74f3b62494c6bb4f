package io.ketju.layers.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClipGradNormTest {
    @Test
    void onlyWhatIsTooLargeIsScaled() {
        ClipGradNorm bound = new ClipGradNorm(2);
        assertThat(bound.coefficient(0)).isEqualTo(1);
        assertThat(bound.coefficient(3.9)).isEqualTo(1);
        // PyTorch adds its 1e-6 before it compares: at the bound itself the gradients shrink, by less than a float can
        // tell
        assertThat(bound.coefficient(4)).isEqualTo((float) (2 / 2.000001)).isLessThan(1);
        assertThat(bound.coefficient(100)).isEqualTo((float) (2 / 10.000001));
        assertThat(bound.coefficient(1e80)).isEqualTo((float) 2e-40);
    }

    @Test
    void itsTextReadsBack() {
        for (double norm : new double[] {1, 0.1, 1e-30, 3e38}) {
            ClipGradNorm bound = new ClipGradNorm(norm);
            assertThat(ClipGradNorm.parse(bound.toString())).isEqualTo(bound);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "-0.0", "NaN", "Infinity", "1e-300", "1e300"})
    void whatIsNoNormIsRefused(String text) {
        assertThatThrownBy(() -> ClipGradNorm.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected a largest norm > 0, found " + Double.parseDouble(text));
    }

    @Test
    void whatIsNoNumberIsQuoted() {
        assertThatThrownBy(() -> ClipGradNorm.parse("much")).hasMessage("expected a largest norm > 0, found \"much\"");
    }
}
