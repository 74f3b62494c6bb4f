package io.ketju.actors.measure;

import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.SimulationCosts.StageCosts;
import io.ketju.pipeline.stage.ActionResult;
import io.ketju.pipeline.stage.ActionWatch;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** How long the actions of each stage take, by a clock. */
public final class ActionTimes implements ActionWatch {
    private static final Times NONE = new Times();

    private final LongSupplier clock;
    private final List<Map<Action.Kind, Times>> stages;

    /**
     * Nothing measured yet.
     *
     * @param stages how many there are
     * @param clock nanoseconds since some moment
     */
    public ActionTimes(int stages, LongSupplier clock) {
        this.clock = clock;
        this.stages = Stream.<Map<Action.Kind, Times>>generate(() -> new EnumMap<>(Action.Kind.class))
                .limit(stages)
                .toList();
    }

    @Override
    public ActionResult around(Action action, Supplier<ActionResult> run) {
        long begun = clock.getAsLong();
        ActionResult result = run.get();
        long took = clock.getAsLong() - begun;
        stages.get(action.stage())
                .computeIfAbsent(action.kind(), kind -> new Times())
                .add(took);
        return result;
    }

    /** Forgets what was measured. */
    public void clear() {
        stages.forEach(Map::clear);
    }

    /** {@return what each stage's actions took on average, in nanoseconds, by stage; 0 for those that it did not run} */
    public List<StageCosts> costs() {
        return costs(Times::mean);
    }

    /** {@return the same in the middle of all: what a machine that does other things too would have taken without them} */
    public List<StageCosts> medians() {
        return costs(Times::median);
    }

    private List<StageCosts> costs(ToDoubleFunction<Times> typical) {
        return stages.stream()
                .map(times -> new StageCosts(
                        of(times, Action.Kind.F, typical),
                        of(times, Action.Kind.B, typical),
                        of(times, Action.Kind.I, typical),
                        of(times, Action.Kind.W, typical),
                        of(times, Action.Kind.S, typical)))
                .toList();
    }

    private static double of(Map<Action.Kind, Times> times, Action.Kind kind, ToDoubleFunction<Times> typical) {
        return typical.applyAsDouble(times.getOrDefault(kind, NONE));
    }

    /** All of one kind. */
    private static final class Times {
        private static final int FIRST_ROOM = 64;

        private long[] nanos = new long[FIRST_ROOM];
        private int count;

        void add(long took) {
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * count);
            }
            nanos[count] = took;
            count++;
        }

        double mean() {
            return Arrays.stream(nanos, 0, count).average().orElse(0);
        }

        double median() {
            long[] sorted = Arrays.copyOf(nanos, count);
            Arrays.sort(sorted);
            return count == 0 ? 0 : sorted[count / 2];
        }
    }
}
