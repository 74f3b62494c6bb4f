package io.ketju.pipeline.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.EdgeBuffers;
import io.ketju.pipeline.schedule.ForwardOnly;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.pipeline.schedule.ScheduleSimulation;
import io.ketju.pipeline.schedule.ScheduleSimulator;
import io.ketju.pipeline.schedule.ScheduleValidator;
import io.ketju.pipeline.schedule.SimulationCosts;
import io.ketju.pipeline.schedule.SimulationCosts.StageCosts;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Properties of every schedule over stages 1 to 6 and micro-batches 1 to 9, against the formulas of the field. */
class ScheduleGridTest {
    record Point(Schedule schedule, int stages, int microbatches) {
        SchedulePlan plan() {
            return SchedulePlan.of(schedule, stages, microbatches);
        }
    }

    static Stream<Point> grid() {
        List<Point> points = new ArrayList<>();
        for (int stages = 1; stages <= 6; stages++) {
            for (Schedule schedule : Schedules.placing(stages)) {
                for (int m = 1; m <= 9; m++) {
                    points.add(new Point(schedule, stages, m));
                }
            }
        }
        return points.stream();
    }

    /** Those with whole backwards and one stage on each rank. */
    static Stream<Point> plain() {
        return grid().filter(point ->
                point.schedule() instanceof GPipe || point.schedule() instanceof OneForwardOneBackward);
    }

    @ParameterizedTest
    @MethodSource("grid")
    void everyScheduleIsLegal(Point point) {
        SchedulePlan plan = point.plan();
        int room = point.schedule().mostInFlight(plan.placement(), point.microbatches());
        assertThat(ScheduleValidator.violations(plan, ScheduleValidator.Purpose.TRAIN, room))
                .isEmpty();
        assertThat(plan.microbatches()).isEqualTo(point.microbatches());
        assertThat(SchedulePlan.parse(plan.table())).isEqualTo(plan);
        SchedulePlan evaluation = new ForwardOnly().plan(plan.placement(), point.microbatches());
        assertThat(ScheduleValidator.violations(evaluation, ScheduleValidator.Purpose.EVALUATE))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("plain")
    void peakInFlightIsTheKnownFormula(Point point) {
        List<Integer> peaks = simulate(point).peakInFlight();
        for (int r = 0; r < point.stages(); r++) {
            int expected = point.schedule() instanceof GPipe
                    ? point.microbatches()
                    : Math.min(point.microbatches(), point.stages() - r);
            assertThat(peaks.get(r)).as("stage %d", r).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("plain")
    void bubbleIsTheKnownFormula(Point point) {
        int p = point.stages();
        int m = point.microbatches();
        ScheduleSimulation simulation = simulate(point);
        assertThat(simulation.makespan()).isEqualTo(3.0 * (m + p - 1));
        assertThat(simulation.bubble()).isCloseTo((p - 1.0) / (m + p - 1), within(1e-12));
        for (int r = 0; r < p; r++) {
            assertThat(simulation.busy().get(r)).isEqualTo(3.0 * m);
            assertThat(simulation.bubble(r)).isCloseTo((p - 1.0) / (m + p - 1), within(1e-12));
        }
    }

    @ParameterizedTest
    @MethodSource("grid")
    void criticalPathExplainsTheMakespan(Point point) {
        SimulationCosts costs =
                SimulationCosts.uniform(new StageCosts(1, 2.25, 1, 1.25, 0.5)).withHop(0.25);
        ScheduleSimulation simulation = ScheduleSimulator.simulate(point.plan(), costs);
        double length = 0;
        Action before = null;
        for (Action action : simulation.criticalPath()) {
            length +=
                    costs.of(action) + (before != null && rank(point, before) != rank(point, action) ? costs.hop() : 0);
            before = action;
        }
        assertThat(length).isCloseTo(simulation.makespan(), within(1e-9));
    }

    @ParameterizedTest
    @MethodSource("plain")
    void buffersOfAnEdgeAreThoseInFlightOnItsUpperStage(Point point) {
        int p = point.stages();
        List<Integer> peaks = simulate(point).peakInFlight();
        for (int r = 0; r < p; r++) {
            int activations = EdgeBuffers.activations(point.plan(), r);
            int gradients = EdgeBuffers.gradients(point.plan(), r);
            assertThat(activations).isEqualTo(r == p - 1 ? 0 : peaks.get(r));
            assertThat(gradients).isEqualTo(r == 0 ? 0 : peaks.get(r - 1));
        }
    }

    @ParameterizedTest
    @MethodSource("grid")
    void fewerMicrobatchesRunTheSamePlanWithoutTheRest(Point point) {
        for (int m = 1; m <= point.microbatches(); m++) {
            SchedulePlan fewer = point.plan().restrictedTo(m);
            assertThat(ScheduleValidator.violations(fewer, ScheduleValidator.Purpose.TRAIN))
                    .isEmpty();
            if (!point.plan().splitsBackward(0)) {
                assertThat(fewer).isEqualTo(SchedulePlan.of(point.schedule(), point.stages(), m));
            }
        }
    }

    /** What is said of a schedule's memory is neither too little nor too much. */
    @Test
    void inALongRunTheBusiestRankHoldsWhatIsSaid() {
        for (int stages = 1; stages <= 12; stages++) {
            for (Schedule schedule : Schedules.placing(stages)) {
                int m = 4 * stages;
                SchedulePlan plan = SchedulePlan.of(schedule, stages, m);
                ScheduleSimulation simulation = ScheduleSimulator.simulate(plan, SimulationCosts.MODEL);
                assertThat(simulation.peakOnRank().stream()
                                .mapToInt(Integer::intValue)
                                .max())
                        .as("%s, %d stages", schedule, stages)
                        .hasValue(schedule.mostInFlight(plan.placement(), m));
            }
        }
    }

    @Test
    void deferredWeightGradientsNeedMoreBuffersThanInFlight() {
        // stage 1 keeps both activations until its W, long after stage 0 has both gradients and begins the next window
        SchedulePlan lazy = SchedulePlan.parse("0F0 0B0 0F1 0B1 0S\n1F0 1I0 1F1 1I1 1W0 1W1 1S\n");
        assertThat(ScheduleValidator.violations(lazy, ScheduleValidator.Purpose.TRAIN))
                .isEmpty();
        assertThat(ScheduleSimulator.peakInFlight(lazy.ofStage(0))).isEqualTo(1);
        assertThat(ScheduleSimulator.peakInFlight(lazy.ofStage(1))).isEqualTo(2);
        assertThat(EdgeBuffers.activations(lazy, 0)).isEqualTo(3);
    }

    @Test
    void latencyCosts1F1BMoreThanGPipeAndEager1F1B() {
        SchedulePlan plan = SchedulePlan.of(new OneForwardOneBackward(), 4, 16);
        SchedulePlan gpipe = SchedulePlan.of(new GPipe(), 4, 16);
        assertThat(ScheduleSimulator.simulate(plan, SimulationCosts.MODEL).makespan())
                .isEqualTo(57);
        assertThat(ScheduleSimulator.simulate(plan, SimulationCosts.MODEL.withHop(0.25))
                        .makespan())
                .isEqualTo(64);
        assertThat(ScheduleSimulator.simulate(plan, SimulationCosts.MODEL.withHop(0.5))
                        .makespan())
                .isEqualTo(71);
        assertThat(ScheduleSimulator.simulate(gpipe, SimulationCosts.MODEL.withHop(0.25))
                        .makespan())
                .isEqualTo(58.5);
        assertThat(ScheduleSimulator.simulate(gpipe, SimulationCosts.MODEL.withHop(0.5))
                        .makespan())
                .isEqualTo(60);
        SchedulePlan eager = SchedulePlan.of(new Eager1F1B(2), 4, 16);
        assertThat(ScheduleSimulator.simulate(eager, SimulationCosts.MODEL).makespan())
                .isEqualTo(57);
        assertThat(ScheduleSimulator.simulate(eager, SimulationCosts.MODEL.withHop(0.25))
                        .makespan())
                .isEqualTo(58.5);
        assertThat(ScheduleSimulator.simulate(eager, SimulationCosts.MODEL.withHop(0.5))
                        .makespan())
                .isEqualTo(60);
    }

    @Test
    void unequalStagesAreAsSlowAsTheSlowest() {
        StageCosts fast = new StageCosts(1, 2, 1, 1, 0);
        StageCosts slow = new StageCosts(10, 20, 10, 10, 0);
        SimulationCosts costs = new SimulationCosts(List.of(fast, slow), 0);
        ScheduleSimulation simulation =
                ScheduleSimulator.simulate(SchedulePlan.of(new OneForwardOneBackward(), 2, 8), costs);
        assertThat(simulation.makespan()).isEqualTo(1 + 8 * 30 + 2);
        assertThat(simulation.bubble(1)).isCloseTo(3.0 / 243, within(1e-12));
    }

    @Test
    void evaluationHoldsOneMicrobatchAtATime() {
        ScheduleSimulation simulation =
                ScheduleSimulator.simulate(SchedulePlan.of(new ForwardOnly(), 3, 5), SimulationCosts.MODEL);
        assertThat(simulation.peakInFlight()).containsExactly(1, 1, 1);
        assertThat(simulation.makespan()).isEqualTo(7);
    }

    private static int rank(Point point, Action action) {
        return point.schedule().placement(point.stages()).rankOf(action.stage());
    }

    private static ScheduleSimulation simulate(Point point) {
        return ScheduleSimulator.simulate(point.plan(), SimulationCosts.MODEL);
    }
}
