package io.ketju.benchmarks.pipeline;

import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.SimulationCosts.StageCosts;
import io.ketju.pipeline.stage.ActionResult;
import io.ketju.pipeline.stage.ActionWatch;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** How long the actions of each stage take on average, by a clock. */
final class ActionTimes implements ActionWatch {
    private record Sum(long nanos, long actions) {
        static final Sum NONE = new Sum(0, 0);

        Sum and(Sum other) {
            return new Sum(nanos + other.nanos, actions + other.actions);
        }

        double mean() {
            return actions == 0 ? 0 : (double) nanos / actions;
        }
    }

    private final LongSupplier clock;
    private final List<Map<Action.Kind, Sum>> stages;

    /**
     * @param clock nanoseconds since some moment
     */
    ActionTimes(int stages, LongSupplier clock) {
        this.clock = clock;
        this.stages = Stream.<Map<Action.Kind, Sum>>generate(() -> new EnumMap<>(Action.Kind.class))
                .limit(stages)
                .toList();
    }

    @Override
    public ActionResult around(Action action, Supplier<ActionResult> run) {
        long begun = clock.getAsLong();
        ActionResult result = run.get();
        Sum took = new Sum(clock.getAsLong() - begun, 1);
        stages.get(action.stage()).merge(action.kind(), took, Sum::and);
        return result;
    }

    /** Forgets what was measured. */
    void clear() {
        stages.forEach(Map::clear);
    }

    /** What a stage's actions took, in nanoseconds; 0 for those that it did not run. */
    List<StageCosts> costs() {
        return stages.stream()
                .map(sums -> new StageCosts(
                        mean(sums, Action.Kind.F),
                        mean(sums, Action.Kind.B),
                        mean(sums, Action.Kind.I),
                        mean(sums, Action.Kind.W),
                        mean(sums, Action.Kind.S)))
                .toList();
    }

    private static double mean(Map<Action.Kind, Sum> sums, Action.Kind kind) {
        return sums.getOrDefault(kind, Sum.NONE).mean();
    }
}
