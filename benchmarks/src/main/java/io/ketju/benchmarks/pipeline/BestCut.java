package io.ketju.benchmarks.pipeline;

import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.ScheduleSimulator;
import io.ketju.pipeline.schedule.SimulationCosts;
import io.ketju.pipeline.schedule.SimulationCosts.StageCosts;
import java.util.ArrayList;
import java.util.List;

/**
 * Where two stages under 1F1B are done first, by what the layers cost.
 *
 * @param layers of the first stage, at least 1
 * @param makespan of a step, in the unit of the costs
 */
record BestCut(int layers, double makespan) {
    /**
     * Of all cuts the first of those with the least makespan.
     *
     * @param costs of every layer's actions, at least two
     */
    static BestCut of(List<StageCosts> costs, int microbatches) {
        if (costs.size() < 2) {
            throw new IllegalArgumentException("a model of " + costs.size() + " layers cannot be cut");
        }
        BestCut best = new BestCut(0, Double.POSITIVE_INFINITY);
        for (int layers = 1; layers < costs.size(); layers++) {
            List<StageCosts> stages = List.of(sum(costs.subList(0, layers)), sum(costs.subList(layers, costs.size())));
            double makespan = makespan(stages, microbatches);
            if (makespan < best.makespan) {
                best = new BestCut(layers, makespan);
            }
        }
        return best;
    }

    /** How long a step takes at best: no hop takes any time, and nobody gets in anyone's way. */
    static double makespan(List<StageCosts> stages, int microbatches) {
        OneForwardOneBackward schedule = new OneForwardOneBackward();
        Placement placement = schedule.placement(stages.size());
        return ScheduleSimulator.simulate(
                        schedule.plan(placement, microbatches), new SimulationCosts(new ArrayList<>(stages), 0))
                .makespan();
    }

    private static StageCosts sum(List<StageCosts> layers) {
        return layers.stream().reduce(StageCosts.NOTHING, StageCosts::plus);
    }
}
