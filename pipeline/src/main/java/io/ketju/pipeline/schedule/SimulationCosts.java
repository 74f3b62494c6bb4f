package io.ketju.pipeline.schedule;

import java.util.List;

/**
 * How long things take, in any one unit of time.
 *
 * @param stages one entry per stage, or a single one that stands for all
 * @param hop one-way latency of a tensor between neighbours; it delays the receiver and occupies nobody
 */
public record SimulationCosts(List<StageCosts> stages, double hop) {
    /**
     * What one micro-batch takes in a stage.
     *
     * @param forward its forward, the first and one that runs again
     * @param backward a full backward
     * @param inputGradient the part of a backward for the input
     * @param weightGradient the part of a backward for the weights
     * @param optimizerStep the step of the mini-batch, and each of its sums and exchanges
     */
    public record StageCosts(
            double forward, double backward, double inputGradient, double weightGradient, double optimizerStep) {
        /** Nothing takes any time. */
        public static final StageCosts NOTHING = new StageCosts(0, 0, 0, 0, 0);

        /**
         * {@return the costs of both, one after the other}
         *
         * @param other in the same unit
         */
        public StageCosts plus(StageCosts other) {
            return new StageCosts(
                    forward + other.forward,
                    backward + other.backward,
                    inputGradient + other.inputGradient,
                    weightGradient + other.weightGradient,
                    optimizerStep + other.optimizerStep);
        }

        /**
         * {@return the costs of what takes longer}
         *
         * @param factor how many times as long
         */
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

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public SimulationCosts {
        stages = List.copyOf(stages);
        if (stages.isEmpty()) {
            throw new IllegalArgumentException("simulation costs need at least one stage");
        }
    }

    /**
     * {@return equal stages without latency}
     *
     * @param costs of each stage
     */
    public static SimulationCosts uniform(StageCosts costs) {
        return new SimulationCosts(List.of(costs), 0);
    }

    /**
     * {@return these costs with another latency}
     *
     * @param latency one way, in the same unit
     */
    public SimulationCosts withHop(double latency) {
        return new SimulationCosts(stages, latency);
    }

    /**
     * {@return the duration of one action}
     *
     * @param action of one of the stages; stages beyond them begin with the first again
     */
    public double of(Action action) {
        return of(action, action.stage());
    }

    /** Duration of one action; replicas take what their first does. */
    double of(Action action, Placement placement) {
        return of(action, placement.counts().inPipeline(action.stage()));
    }

    private double of(Action action, int inPipeline) {
        StageCosts costs = stages.get(inPipeline % stages.size());
        return switch (action.kind()) {
            case F, R -> costs.forward();
            case B -> costs.backward();
            case I -> costs.inputGradient();
            case W -> costs.weightGradient();
            case G, N, S, V -> costs.optimizerStep();
        };
    }
}
