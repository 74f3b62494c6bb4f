package io.ketju.pipeline.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.pipeline.schedule.ScheduleSimulation;
import io.ketju.pipeline.schedule.ScheduleSimulator;
import io.ketju.pipeline.schedule.SimulationCosts;
import io.ketju.pipeline.schedule.SimulationCosts.StageCosts;
import java.util.Collections;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How long every schedule takes, and the most that a rank holds, where forward, input gradient and weight gradient of all
 * that a rank has take one unit each and sending none: what papers and the schedules' own authors come to.
 */
class MakespansTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // schedule | stages on a rank | of 4 ranks and 8 micro-batches | of 8 and 16 | most held of 8 and 16
                "GPipe              | 1 | 33    | 69    | 16",
                "1F1B               | 1 | 33    | 69    | 8",
                "Eager1F1B          | 1 | 33    | 69    | 15",
                "Interleaved1F1B(2) | 2 | 28.5  | 58.5  | 11.5",
                "Interleaved1F1B(4) | 4 | 26.25 | 53.25 | 9.75",
                "LoopedBFS(2)       | 2 | 28.5  | 58.5  | 16",
                "ZB1P               | 1 | 27    | 55    | 8",
                "ZB2P               | 1 | 27    | 55    | 15",
                "InterleavedZB(2)   | 2 | 25.5  | 51.5  | 8",
                "InterleavedZB(4)   | 4 | 24.75 | 49.75 | 8",
                "ZBV                | 2 | 25.5  | 51.5  | 8",
                "VHalf              | 2 | 26.5  | 56.5  | 5",
                "VMin               | 2 | 29.5  | 61.5  | 4",
                "DualPipeV          | 2 | 25.5  | 51.5  | 8.5",
            })
    void areThoseOfTheFieldAndOfThePage(String text, int chunks, double small, double large, double held) {
        Schedule schedule = Schedules.parse(text);
        assertThat(Synchronous.TEXT)
                .contains("| `" + text + "` | " + number(small) + " | " + number(large) + " | " + number(held) + " |");
        assertThat(simulated(schedule, chunks, 4, 8).makespan()).isEqualTo(small);
        ScheduleSimulation simulation = simulated(schedule, chunks, 8, 16);
        assertThat(simulation.makespan()).isEqualTo(large);
        assertThat(Collections.max(simulation.peakOnRank()) / (double) chunks).isEqualTo(held);
    }

    /** Where weight gradients take less than input gradients, splitting backwards gains less than stages do. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1F1B               | 1 | 117",
                "Interleaved1F1B(2) | 2 | 106.5",
                "ZB1P               | 1 | 110",
                "InterleavedZB(2)   | 2 | 103",
                "ZBV                | 2 | 103",
            })
    void shortWeightGradientsGainLittle(String text, int chunks, double makespan) {
        StageCosts costs = new StageCosts(1.0 / chunks, 2.0 / chunks, 1.5 / chunks, 0.5 / chunks, 0);
        SchedulePlan plan = SchedulePlan.of(Schedules.parse(text), 8 * chunks, 32);
        assertThat(ScheduleSimulator.simulate(plan, SimulationCosts.uniform(costs))
                        .makespan())
                .isEqualTo(makespan);
    }

    private static String number(double value) {
        return String.valueOf(value).replaceAll("\\.0$", "");
    }

    private static ScheduleSimulation simulated(Schedule schedule, int chunks, int ranks, int microbatches) {
        StageCosts costs = new StageCosts(1.0 / chunks, 2.0 / chunks, 1.0 / chunks, 1.0 / chunks, 0);
        SchedulePlan plan = SchedulePlan.of(schedule, ranks * chunks, microbatches);
        assertThat(plan.placement().ranks()).isEqualTo(ranks);
        return ScheduleSimulator.simulate(plan, SimulationCosts.uniform(costs));
    }
}
