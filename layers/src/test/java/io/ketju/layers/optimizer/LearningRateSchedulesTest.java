package io.ketju.layers.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ketju.layers.spec.Spec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LearningRateSchedulesTest {
    private static final double BASE = 0.1;
    private static final int STEPS = 50;

    /** Texts of schedules and the rates that PyTorch gives them, of src/test/golden/rates.py. */
    private static final Map<String, List<Double>> GOLDEN = golden();

    private static Map<String, List<Double>> golden() {
        Map<String, List<Double>> rates = new LinkedHashMap<>();
        try {
            for (String line : Files.readAllLines(Path.of("src", "test", "resources", "golden", "rates.tsv"))) {
                List<String> fields = List.of(line.split("\t", -1));
                rates.put(
                        fields.getFirst(),
                        fields.stream().skip(1).map(Double::valueOf).toList());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rates;
    }

    static Set<String> cases() {
        return GOLDEN.keySet();
    }

    /** The other one goes by what a run measures, and has values of its own. */
    private static Set<String> ofStepsAlone() {
        Set<String> names = new TreeSet<>(LearningRateSchedules.names());
        names.remove("ReduceLROnPlateau");
        return names;
    }

    @Test
    void everyScheduleHasValuesOfPyTorch() {
        assertThat(cases().stream().map(spec -> Spec.parse(spec).name()).distinct())
                .containsExactlyInAnyOrderElementsOf(ofStepsAlone());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equalsPyTorch(String spec) {
        LearningRateSchedule schedule = LearningRateSchedules.parse(spec);
        List<Double> expected = Objects.requireNonNull(GOLDEN.get(spec));
        assertThat(expected).hasSize(STEPS);
        for (int step = 1; step <= STEPS; step++) {
            // PyTorch multiplies its way from step to step, so that its rates carry a rounding of each.
            assertThat(schedule.learningRate(BASE, step, STEPS))
                    .as("step %d", step)
                    .isCloseTo(expected.get(step - 1), within(2e-15));
        }
        assertThat(schedule).hasToString(spec);
        assertThat(LearningRateSchedules.parse(schedule.toString())).isEqualTo(schedule);
    }

    /** Schedules that say so give the same rates in a longer run, the others do not. */
    @ParameterizedTest
    @MethodSource("cases")
    void saysWhetherTheLengthOfTheRunMatters(String spec) {
        LearningRateSchedule schedule = LearningRateSchedules.parse(spec);
        boolean differs = false;
        for (int step = 1; step <= STEPS; step++) {
            double longer = schedule.learningRate(BASE, step, 2 * STEPS);
            differs |= Double.compare(longer, schedule.learningRate(BASE, step, STEPS)) != 0;
        }
        assertThat(schedule.dependsOnTotal()).isEqualTo(differs);
    }

    @Test
    void oneOfYourOwn() {
        LearningRateSchedule schedule = new LambdaLR("halves", before -> 1.0 / (1 << before));
        assertThat(schedule.learningRate(BASE, 1, 10)).isEqualTo(BASE);
        assertThat(schedule.learningRate(BASE, 3, 10)).isEqualTo(BASE / 4);
        assertThat(schedule).hasToString("LambdaLR(lr_lambda=halves)");
    }

    /** Beyond its plan a cycle stays at its end. */
    @Test
    void oneCycleDoesNotComeBack() {
        LearningRateSchedule schedule = LearningRateSchedules.parse("OneCycleLR(max_lr=0.5, total_steps=20)");
        assertThat(schedule.learningRate(BASE, 21, 10)).isEqualTo(schedule.learningRate(BASE, 20, 10));
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
        "CosineAnnealingLR(T_max=23), 2, 0.09953429730181654",
        "'CosineAnnealingLR(23, 0.01)', 12, 0.05807090860141021"
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
                "Coziness()|unknown learning-rate schedule 'Coziness'; known: ChainedScheduler, ConstantLR, CosineAnnealingLR, CosineAnnealingWarmRestarts, CyclicLR, ExponentialLR, LinearLR, MultiStepLR, OneCycleLR, PolynomialLR, ReduceLROnPlateau, SWALR, SequentialLR, StepLR",
                "SWALR(0)|SWALR: argument 'swa_lr': expected a number > 0, found 0.0",
                "SWALR(0.1, -1)|SWALR: argument 'anneal_epochs': expected a number >= 0, found -1",
                "StepRL(4)|unknown learning-rate schedule 'StepRL'; did you mean 'StepLR'?",
                "ConstantLR(1.5)|ConstantLR: argument 'factor': expected 0 <= number <= 1, found 1.5",
                "ConstantLR(0.5, 0)|ConstantLR: argument 'total_iters': expected at least 1, found 0",
                "LinearLR(0)|LinearLR: argument 'start_factor': expected a number > 0, found 0.0",
                "LinearLR(end_factor=2)|LinearLR: argument 'end_factor': expected 0 <= number <= 1, found 2.0",
                "PolynomialLR(power=0)|PolynomialLR: argument 'power': expected a number > 0, found 0.0",
                "ExponentialLR()|ExponentialLR(): missing argument 'gamma'; it takes gamma",
                "MultiStepLR((5, 3))|MultiStepLR: argument 'milestones': expected rising numbers, found (5, 3)",
                "MultiStepLR((0, 3))|MultiStepLR: argument 'milestones': expected at least 1, found 0",
                "CosineAnnealingLR(T_max=0)|CosineAnnealingLR: argument 'T_max': expected at least 1, found 0",
                "CosineAnnealingWarmRestarts(5, 0)|CosineAnnealingWarmRestarts: argument 'T_mult': expected at least 1, found 0",
                "CyclicLR(0.2, 0.1)|CyclicLR: argument 'max_lr': expected at least base_lr = 0.2, found 0.1",
                "CyclicLR(0.1, 0.2, mode=square)|CyclicLR: argument 'mode': expected triangular or triangular2 or exp_range, found 'square'",
                "OneCycleLR(0.1, pct_start=2)|OneCycleLR: argument 'pct_start': expected 0 <= number <= 1, found 2.0",
                "OneCycleLR(0.1, pct_start=0.6, three_phase=true)|OneCycleLR: argument 'pct_start': expected at most 0.5 with three_phase, found 0.6",
                "OneCycleLR(0.1, total_steps=0)|OneCycleLR: argument 'total_steps': expected at least 1, found 0",
                "SequentialLR((StepLR(3), LinearLR()), (3, 4))|SequentialLR: argument 'milestones': expected one less than schedules, 1, found 2",
                "ChainedScheduler((StepLR(3), StepLR(0)))|StepLR: argument 'step_size': expected at least 1, found 0",
                "StepLR()|StepLR(): missing argument 'step_size'; it takes step_size, gamma",
                "StepLR(0)|StepLR: argument 'step_size': expected at least 1, found 0",
                "StepLR(5, -0.1)|StepLR: argument 'gamma': expected a number > 0, found -0.1",
                "CosineAnnealingLR(eta_min=-1)|CosineAnnealingLR: argument 'eta_min': expected a number >= 0, found -1.0",
                "ConstantLR(1, 2, 3)|ConstantLR(1, 2, 3): expected at most 2 arguments without names, found 3; it takes factor, total_iters",
            })
    void saysWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> LearningRateSchedules.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void programsCannotMakeWhatTextsCannotSay() {
        assertThatThrownBy(() -> new CosineAnnealingLR(0, -1))
                .hasMessage("CosineAnnealingLR: argument 'T_max': expected at least 1, found -1");
        assertThatThrownBy(() -> new OneCycleLR(0.1, -5, 0.3, true, 25, 1e4, false))
                .hasMessage("OneCycleLR: argument 'total_steps': expected at least 1, found -5");
        assertThatThrownBy(() -> new SequentialLR(List.of(), List.of()))
                .hasMessage("SequentialLR: argument 'schedulers': expected at least one, found none");
        assertThatThrownBy(() -> new ChainedScheduler(List.of()))
                .hasMessage("ChainedScheduler: argument 'schedulers': expected at least one, found none");
    }
}
