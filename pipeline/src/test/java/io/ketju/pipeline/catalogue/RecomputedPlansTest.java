package io.ketju.pipeline.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.pipeline.schedule.ScheduleSimulator;
import io.ketju.pipeline.schedule.ScheduleValidator;
import io.ketju.pipeline.schedule.ScheduleValidator.Purpose;
import io.ketju.pipeline.schedule.SimulationCosts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plans in which stages run forwards again: small ones are those in the files, which a person can read. */
class RecomputedPlansTest {
    @ParameterizedTest
    @CsvSource({"GPipe, 3, 4", "1F1B, 3, 5", "ZB1P, 3, 4", "Interleaved1F1B(2), 4, 4", "ZBV, 4, 3"})
    void planEqualsTheFileAndReadsBack(String schedule, int stages, int microbatches) throws IOException {
        SchedulePlan plain = SchedulePlan.of(Schedules.parse(schedule), stages, microbatches);
        // All but the last.
        Set<Integer> again = Set.copyOf(IntStream.range(0, stages - 1).boxed().toList());
        SchedulePlan plan = plain.withRecomputation(again);
        String file = "/recomputed/" + schedule.replaceAll("\\W", "").toLowerCase(Locale.ROOT) + ".txt";
        assertThat(plan.table()).isEqualTo(read(file));
        assertThat(SchedulePlan.parse(plan.table())).isEqualTo(plan);
        assertThat(SchedulePlan.parse(plan.lists())).isEqualTo(plan);
        assertThat(ScheduleValidator.violations(plan, Purpose.TRAIN)).isEmpty();
        assertThat(plan.withoutRecomputation()).isEqualTo(plain);
        assertThat(plan.withRecomputation(again)).isEqualTo(plan);
    }

    private static String read(String name) throws IOException {
        try (InputStream in = RecomputedPlansTest.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** One rank, whose time is all there is: a third more, where a backward takes two forwards. */
    @Test
    void aSecondForwardTakesTheTimeOfTheFirst() {
        SchedulePlan plain = SchedulePlan.of(new GPipe(), 1, 6);
        assertThat(ScheduleSimulator.simulate(plain, SimulationCosts.MODEL).makespan())
                .isEqualTo(18);
        assertThat(ScheduleSimulator.simulate(plain.withRecomputation(Set.of(0)), SimulationCosts.MODEL)
                        .makespan())
                .isEqualTo(24);
    }

    @Test
    void aStageThatWaitsForAGradientRunsItsForwardMeanwhile() {
        SchedulePlan plan = SchedulePlan.of(new OneForwardOneBackward(), 4, 8);
        double whole = ScheduleSimulator.simulate(plan, SimulationCosts.MODEL).makespan();
        double again = ScheduleSimulator.simulate(plan.withRecomputation(Set.of(0, 1, 2, 3)), SimulationCosts.MODEL)
                .makespan();
        // 11 actions of each kind one after the other, and a third forward for 8 of them alone.
        assertThat(whole).isEqualTo(33);
        assertThat(again).isLessThan(33 + 11).isGreaterThanOrEqualTo(33 + 8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0F0 0F1 0R0 0B0 0B1 0S | stage 0: 0B1 comes before 0R1; a stage recomputes all micro-batches or none",
                "0F0 0F1 0R0 0B0 0B1 0S | stage 0: 0R1 is missing; a stage recomputes all micro-batches or none",
                "0R0 0F0 0B0 0S           | stage 0: 0R0 comes before 0F0",
                "0F0 0B0 0R0 0S | stage 0: 0B0 comes before 0R0; a stage recomputes all micro-batches or none",
                "0F0 0R0 0R0 0B0 0S | stage 0: 0R0 stands twice",
            })
    void whatIsNotLegalSaysWhy(String list, String reason) {
        assertThat(ScheduleValidator.violations(SchedulePlan.parse(list), Purpose.TRAIN))
                .contains(reason);
    }

    @Test
    void actionsReadBack() {
        assertThat(Action.parse("0R3"))
                .isEqualTo(new Action(0, Action.Kind.R, 3))
                .hasToString("0R3");
        assertThat(Action.parse("2R0").inWords()).isEqualTo("recomputation of micro-batch 0");
        assertThatThrownBy(() -> Action.parse("2R")).hasMessageContaining("letter F R B I or W");
    }
}
