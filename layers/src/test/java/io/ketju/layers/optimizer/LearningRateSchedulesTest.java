package io.ketju.layers.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ketju.layers.Floats;
import io.ketju.layers.Goldens;
import io.ketju.layers.spec.Spec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LearningRateSchedulesTest {
    private static final double BASE = 0.1;
    private static final int STEPS = 23;

    static List<String> cases() {
        return Goldens.casesWith("rates");
    }

    @Test
    void everyScheduleHasValuesOfPyTorch() {
        assertThat(cases().stream().map(spec -> Spec.parse(spec).name()).distinct())
                .containsExactlyInAnyOrderElementsOf(LearningRateSchedules.names());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equalsPyTorch(String spec) {
        LearningRateSchedule schedule = LearningRateSchedules.parse(spec);
        float[] rates = new float[STEPS];
        for (int step = 1; step <= STEPS; step++) {
            rates[step - 1] = (float) schedule.learningRate(BASE, step, STEPS);
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

    /** PyTorch's rates are double: those of float would be off by some 1e-9. */
    @ParameterizedTest
    @CsvSource({
        "ConstantLR(), 7, 0.1",
        "'StepLR(4, 0.5)', 8, 0.05",
        "'StepLR(4, 0.3)', 9, 0.009",
        "CosineAnnealingLR(), 2, 0.09953429730181654",
        "CosineAnnealingLR(0.01), 12, 0.05807090860141021"
    })
    void ratesAreDoubles(String spec, long step, double expected) {
        assertThat(LearningRateSchedules.parse(spec).learningRate(BASE, step, STEPS))
                .isCloseTo(expected, within(1e-16));
    }

    /** A run that goes on beyond its plan stays at the end of the curve. */
    @Test
    void cosineDoesNotComeBack() {
        LearningRateSchedule schedule = new CosineAnnealingLR(0.01);
        assertThat(schedule.learningRate(BASE, 11, 10)).isEqualTo(0.01);
        assertThat(schedule.learningRate(BASE, 25, 10)).isEqualTo(0.01);
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
