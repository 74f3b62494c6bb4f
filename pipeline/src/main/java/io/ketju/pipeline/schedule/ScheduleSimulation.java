package io.ketju.pipeline.schedule;

import java.util.List;

/**
 * What {@link ScheduleSimulator} found out about a plan. Times count from 0, in the unit of the costs.
 *
 * @param timeline per rank, its actions with their times, in order
 * @param makespan when the last action of all ends
 * @param busy per rank, the time spent in actions
 * @param peakInFlight per stage, the most micro-batches at once whose forward has started and whose last backward action has not ended;
 *     forwards without backward count only while they run
 * @param peakOnRank per rank, the most of those of all its stages at once
 * @param criticalPath the actions that decide the makespan, first to last: each starts when the one before it ends, or a hop later
 */
public record ScheduleSimulation(
        List<List<Interval>> timeline,
        double makespan,
        List<Double> busy,
        List<Integer> peakInFlight,
        List<Integer> peakOnRank,
        List<Action> criticalPath) {
    /**
     * One action and its time.
     *
     * @param action that ran
     * @param start when it started
     * @param end when it ended, not before its start
     */
    public record Interval(Action action, double start, double end) {}

    /**
     * {@return the part of the makespan that one rank is idle, 0 to 1; 0 where nothing takes time}
     *
     * @param rank from 0
     */
    public double bubble(int rank) {
        return makespan == 0 ? 0 : 1 - busy.get(rank) / makespan;
    }

    /** {@return the idle part of all ranks' time together, 0 to 1} */
    public double bubble() {
        double total = busy.stream().mapToDouble(Double::doubleValue).sum();
        return makespan == 0 ? 0 : 1 - total / (makespan * busy.size());
    }
}
