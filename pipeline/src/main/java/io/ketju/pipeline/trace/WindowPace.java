package io.ketju.pipeline.trace;

import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Action.Kind;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.pipeline.schedule.ScheduleSimulator;
import io.ketju.pipeline.schedule.SimulationCosts;
import io.ketju.pipeline.trace.TraceReport.Pace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How fast windows followed each other, and how fast their schedule would let one run. Of windows with the most actions. */
final class WindowPace {
    private record Timed(int stage, Kind kind) {}

    private final TreeMap<Long, List<TracedAction>> whole = new TreeMap<>();
    private final Map<Timed, Durations> times = new HashMap<>();

    private WindowPace(List<TracedAction> actions) {
        for (TracedAction action : actions) {
            whole.computeIfAbsent(action.window(), window -> new ArrayList<>()).add(action);
        }
        int most = whole.values().stream().mapToInt(List::size).max().orElse(0);
        whole.values().removeIf(window -> window.size() < most);
        whole.values()
                .forEach(window -> window.forEach(action -> times.computeIfAbsent(
                                new Timed(
                                        action.action().stage(), action.action().kind()),
                                key -> new Durations())
                        .add(action.ended() - action.started())));
    }

    /** Empty without two such windows in a row, or where ranks are missing. */
    static Optional<Pace> of(List<TracedAction> actions) {
        WindowPace pace = new WindowPace(actions);
        Durations periods = pace.periods();
        Optional<SchedulePlan> plan = periods.count() == 0 ? Optional.empty() : pace.plan();
        // Of a file that somebody has taken lines out of, the lists need not fit.
        return plan.filter(found -> ScheduleSimulator.stuck(found).isEmpty()).map(found -> {
            SimulationCosts costs = pace.costs(found.stages());
            double work = found.ranks().stream()
                    .flatMap(List::stream)
                    .mapToDouble(costs::of)
                    .sum();
            double makespan = ScheduleSimulator.simulate(found, costs).makespan();
            return new Pace(periods.median(), work, makespan);
        });
    }

    private Durations periods() {
        Durations periods = new Durations();
        whole.forEach((window, actions) -> {
            List<TracedAction> next = whole.get(window + 1);
            if (next != null) {
                periods.add(end(next) - end(actions));
            }
        });
        return periods;
    }

    private static long end(List<TracedAction> window) {
        return window.stream().mapToLong(TracedAction::ended).max().orElseThrow();
    }

    /** The lists as they ran. */
    private Optional<SchedulePlan> plan() {
        TreeMap<Integer, Integer> rankOfStage = new TreeMap<>();
        TreeMap<Integer, List<Action>> lists = new TreeMap<>();
        for (TracedAction action : whole.firstEntry().getValue()) {
            rankOfStage.put(action.action().stage(), action.rank());
            lists.computeIfAbsent(action.rank(), rank -> new ArrayList<>()).add(action.action());
        }
        return rankOfStage.lastKey() == rankOfStage.size() - 1 && lists.lastKey() == lists.size() - 1
                ? Optional.of(
                        new SchedulePlan(new Placement(List.copyOf(rankOfStage.values())), List.copyOf(lists.values())))
                : Optional.empty();
    }

    private SimulationCosts costs(int stages) {
        List<SimulationCosts.StageCosts> costs = new ArrayList<>();
        for (int stage = 0; stage < stages; stage++) {
            boolean sums = times.containsKey(new Timed(stage, Kind.N));
            // The simulator gives sums and step one duration.
            double step = sums ? (time(stage, Kind.N) + time(stage, Kind.S)) / 2 : time(stage, Kind.S);
            costs.add(new SimulationCosts.StageCosts(
                    time(stage, Kind.F), time(stage, Kind.B), time(stage, Kind.I), time(stage, Kind.W), step));
        }
        return new SimulationCosts(costs, 0);
    }

    private double time(int stage, Kind kind) {
        Durations measured = times.get(new Timed(stage, kind));
        return measured == null ? 0 : measured.median();
    }
}
