package io.ketju.actors.coordinator;

import io.ketju.actors.message.PlannedWindow;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How long every stage was busy in the training steps of one start of a run, told whenever so many more steps are done. Pure:
 * the times are those that stages report.
 */
public final class StagePace {
    private final int steps;
    private final Consumer<List<Double>> told;
    /** By number of a window that not all stages have finished. */
    private final Map<Long, double[]> open = new HashMap<>();

    private final double[] busy;
    private int counted;

    /**
     * Nothing measured yet.
     *
     * @param stages how many there are; what is told of others is ignored
     * @param steps training steps that are measured together
     * @param told hears what each stage took for a step, in nanoseconds, on average over them
     */
    public StagePace(int stages, int steps, Consumer<List<Double>> told) {
        this.steps = steps;
        this.told = told;
        this.busy = new double[stages];
    }

    /** One stage has finished a window, of whatever kind. */
    void busy(int stage, long window, long nanos) {
        if (stage >= 0 && stage < busy.length) {
            open.computeIfAbsent(window, number -> new double[busy.length])[stage] += nanos;
        }
    }

    /** All stages have finished a window. */
    void finished(PlannedWindow window) {
        double[] spent = open.remove(window.number());
        if (spent == null || !window.trains()) {
            return;
        }
        for (int stage = 0; stage < busy.length; stage++) {
            busy[stage] += spent[stage];
        }
        counted += window.endsStep() ? 1 : 0;
        if (counted == steps) {
            told.accept(Arrays.stream(busy).mapToObj(nanos -> nanos / steps).toList());
            Arrays.fill(busy, 0);
            counted = 0;
        }
    }
}
