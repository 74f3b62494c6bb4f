package io.ketju.layers.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.Floats;
import io.ketju.layers.Goldens;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LearningRateSchedulesTest {
    private static final float BASE = 0.1f;
    private static final int STEPS = 23;

    static List<String> cases() {
        return Goldens.casesWith("rates");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equalsPyTorch(String spec) {
        LearningRateSchedule schedule = LearningRateSchedules.parse(spec);
        float[] rates = new float[STEPS];
        for (int step = 1; step <= STEPS; step++) {
            rates[step - 1] = schedule.learningRate(BASE, step, STEPS);
        }
        Floats.assertClose(spec, rates, Goldens.get(spec + "/rates").values(), 2e-7);
        assertThat(schedule).hasToString(spec);
    }

    @Test
    void constantStays() {
        LearningRateSchedule schedule = LearningRateSchedules.parse("ConstantLR()");
        assertThat(List.of(schedule.learningRate(BASE, 1, 10), schedule.learningRate(BASE, 10, 10)))
                .containsExactly(BASE, BASE);
    }

    /** A run that goes on beyond its plan stays at the end of the curve. */
    @Test
    void cosineDoesNotComeBack() {
        LearningRateSchedule schedule = new CosineAnnealingLR(0.01);
        assertThat(schedule.learningRate(BASE, 11, 10)).isEqualTo(0.01f);
        assertThat(schedule.learningRate(BASE, 25, 10)).isEqualTo(0.01f);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Cosine()|unknown learning-rate schedule 'Cosine'; known: ConstantLR, CosineAnnealingLR, StepLR",
                "StepLR()|StepLR(): missing argument 'step_size'; it takes step_size, gamma",
                "StepLR(0)|StepLR: argument 'step_size': expected at least 1, found 0",
                "StepLR(5, -0.1)|StepLR: argument 'gamma': expected a number > 0, found -0.1",
                "CosineAnnealingLR(-1)|CosineAnnealingLR: argument 'eta_min': expected a number >= 0, found -1.0",
                "ConstantLR(1)|ConstantLR(1): at most 0 arguments without name, found 1; it takes none",
            })
    void saysWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> LearningRateSchedules.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
