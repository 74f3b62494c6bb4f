package io.ketju.pipeline.schedule;

import java.util.List;

/**
 * How long things take, in any one unit of time.
 *
 * @param stages one entry per stage, or a single one that stands for all
 * @param hop one-way latency of a tensor between neighbours; it delays the receiver and occupies nobody
 */
public record SimulationCosts(List<StageCosts> stages, double hop) {
    /** One micro-batch's forward, which is that of a recomputation too, full backward, input gradient and weight gradient, and the optimizer step or its sums. */
    public record StageCosts(
            double forward, double backward, double inputGradient, double weightGradient, double optimizerStep) {
        /** Nothing takes any time. */
        public static final StageCosts NOTHING = new StageCosts(0, 0, 0, 0, 0);

        /** Of both, one after the other. */
        public StageCosts plus(StageCosts other) {
            return new StageCosts(
                    forward + other.forward,
                    backward + other.backward,
                    inputGradient + other.inputGradient,
                    weightGradient + other.weightGradient,
                    optimizerStep + other.optimizerStep);
        }

        /** So many times as long. */
        public StageCosts times(double factor) {
            return new StageCosts(
                    factor * forward,
                    factor * backward,
                    factor * inputGradient,
                    factor * weightGradient,
                    factor * optimizerStep);
        }
    }

    /** Every action takes one unit: the columns of {@link SchedulePlan#table}. */
    public static final SimulationCosts UNIT = uniform(new StageCosts(1, 1, 1, 1, 1));

    /** The usual model: forward 1, input gradient 1, weight gradient 1, both 2; step and hops take no time. */
    public static final SimulationCosts MODEL = uniform(new StageCosts(1, 2, 1, 1, 0));

    public SimulationCosts {
        stages = List.copyOf(stages);
        if (stages.isEmpty()) {
            throw new IllegalArgumentException("simulation costs need at least one stage");
        }
    }

    /** Equal stages, no latency. */
    public static SimulationCosts uniform(StageCosts costs) {
        return new SimulationCosts(List.of(costs), 0);
    }

    /** These costs with another latency. */
    public SimulationCosts withHop(double latency) {
        return new SimulationCosts(stages, latency);
    }

    /** Duration of one action. */
    public double of(Action action) {
        StageCosts costs = stages.get(action.stage() % stages.size()); // replicas take what their first does
        return switch (action.kind()) {
            case F, R -> costs.forward();
            case B -> costs.backward();
            case I -> costs.inputGradient();
            case W -> costs.weightGradient();
            case G, N, S, V -> costs.optimizerStep();
        };
    }
}
