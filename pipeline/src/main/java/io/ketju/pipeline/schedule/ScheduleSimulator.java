package io.ketju.pipeline.schedule;

import io.ketju.pipeline.schedule.Action.Kind;
import io.ketju.pipeline.schedule.ScheduleSimulation.Interval;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs a plan without computing: an action starts when its rank is free and what it waits for has ended and, from
 * another rank, crossed the hop. The order within a rank is fixed, so times are a longest path and need no event queue.
 */
public final class ScheduleSimulator {
    private final SchedulePlan plan;
    private final SimulationCosts costs;
    private final Map<Action, Interval> ended = new HashMap<>();
    /** What the steps of the same stages wait for. */
    private final List<Action> sums;

    /** By identity: a stage has a step for every window, where windows overlap. */
    private final IdentityHashMap<Interval, Interval> decidedBy = new IdentityHashMap<>();

    private final List<List<Interval>> timeline = new ArrayList<>();

    private ScheduleSimulator(SchedulePlan plan, SimulationCosts costs) {
        this.plan = plan;
        this.costs = costs;
        this.sums = plan.actions().stream()
                .filter(action -> action.kind() == Kind.N)
                .toList();
        for (int rank = 0; rank < plan.ranks().size(); rank++) {
            timeline.add(new ArrayList<>());
        }
    }

    /**
     * {@return what a plan takes}
     *
     * @param plan legal or not
     * @param costs of its stages, and of hops
     * @throws IllegalArgumentException naming the actions that wait forever, if the plan does not finish
     */
    public static ScheduleSimulation simulate(SchedulePlan plan, SimulationCosts costs) {
        ScheduleSimulator simulator = new ScheduleSimulator(plan, costs);
        simulator.run();
        List<Action> stuck = simulator.stuck();
        if (!stuck.isEmpty()) {
            throw new IllegalArgumentException("the plan does not finish: " + stuck + " wait forever");
        }
        return simulator.result();
    }

    /**
     * {@return the first action of every rank that can never start; empty for a plan that finishes}
     *
     * @param plan legal or not
     */
    public static List<Action> stuck(SchedulePlan plan) {
        ScheduleSimulator simulator = new ScheduleSimulator(plan, SimulationCosts.UNIT);
        simulator.run();
        return simulator.stuck();
    }

    /**
     * {@return the most activations at once, one for each stage and micro-batch from the start of its forward to the end of its last
     * backward action}
     *
     * @param actions of one stage, or of all stages of a rank, in order
     */
    public static int peakInFlight(List<Action> actions) {
        return InFlight.during(actions).stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElse(0);
    }

    private void run() {
        boolean progress = true;
        while (progress) {
            progress = false;
            for (int rank = 0; rank < plan.ranks().size(); rank++) {
                while (advance(rank)) {
                    progress = true;
                }
            }
        }
    }

    /** Runs the rank's next action if what it waits for has ended. */
    private boolean advance(int rank) {
        List<Action> actions = plan.ranks().get(rank);
        List<Interval> done = timeline.get(rank);
        if (done.size() == actions.size()) {
            return false;
        }
        Action action = actions.get(done.size());
        List<Action> awaited = awaited(action);
        boolean all = action.kind() == Kind.S || action.kind() == Kind.V;
        Interval dependency = all ? lastEnded(awaited) : firstEnded(awaited);
        if (dependency == null && !awaited.isEmpty()) {
            return false;
        }
        Interval before = done.isEmpty() ? null : done.getLast();
        double free = before == null ? 0 : before.end();
        double ready = dependency == null ? 0 : dependency.end() + hop(dependency.action(), rank);
        double start = Math.max(free, ready);
        Interval decisive = dependency != null && ready > free ? dependency : before;
        Interval interval = new Interval(action, start, start + costs.of(action, plan.placement()));
        if (decisive != null) {
            decidedBy.put(interval, decisive);
        }
        done.add(interval);
        ended.put(action, interval);
        return true;
    }

    /** One of these, or before a step and behind it all of them. */
    private List<Action> awaited(Action action) {
        boolean step = action.kind() == Kind.S && sums.contains(Action.sums(action.stage()));
        return step ? sums : ScheduleDependencies.of(action, plan.placement());
    }

    /** The one that ended last; null if some have not. */
    private @Nullable Interval lastEnded(List<Action> actions) {
        Interval last = null;
        for (Action action : actions) {
            Interval interval = ended.get(action);
            if (interval == null) {
                return null;
            }
            last = last == null || interval.end() > last.end() ? interval : last;
        }
        return last;
    }

    private @Nullable Interval firstEnded(List<Action> alternatives) {
        for (Action action : alternatives) {
            Interval interval = ended.get(action);
            if (interval != null) {
                return interval;
            }
        }
        return null;
    }

    private double hop(Action from, int toRank) {
        return plan.placement().rankOf(from.stage()) == toRank ? 0 : costs.hop();
    }

    private List<Action> stuck() {
        return IntStream.range(0, plan.ranks().size())
                .filter(rank ->
                        timeline.get(rank).size() < plan.ranks().get(rank).size())
                .mapToObj(rank -> plan.ranks().get(rank).get(timeline.get(rank).size()))
                .toList();
    }

    private ScheduleSimulation result() {
        List<Double> busy = timeline.stream()
                .map(rank -> rank.stream()
                        .mapToDouble(interval -> costs.of(interval.action(), plan.placement()))
                        .sum())
                .toList();
        List<Integer> peaks = IntStream.range(0, plan.stages())
                .mapToObj(stage -> peakInFlight(plan.ofStage(stage)))
                .toList();
        Interval last = null;
        for (List<Interval> rank : timeline) {
            if (!rank.isEmpty() && (last == null || rank.getLast().end() > last.end())) {
                last = rank.getLast();
            }
        }
        ArrayDeque<Action> path = new ArrayDeque<>();
        for (Interval interval = last; interval != null; interval = decidedBy.get(interval)) {
            path.addFirst(interval.action());
        }
        return new ScheduleSimulation(
                timeline.stream().map(List::copyOf).toList(),
                last == null ? 0 : last.end(),
                busy,
                peaks,
                plan.ranks().stream().map(ScheduleSimulator::peakInFlight).toList(),
                List.copyOf(path));
    }
}
