package io.ketju.actors.examples;

import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import java.util.ArrayList;
import java.util.List;

// region schedule
/** Two micro-batches forward, the same two backward, and so on: GPipe with room for two. */
record InPairs() implements Schedule {
    @Override
    public String name() {
        return "InPairs";
    }

    @Override
    public SchedulePlan plan(Placement placement, int microbatches) {
        List<List<Action>> ranks = new ArrayList<>();
        for (int rank = 0; rank < placement.ranks(); rank++) {
            List<Action> list = new ArrayList<>();
            List<Integer> stages = placement.stagesOf(rank);
            for (int first = 0; first < microbatches; first += 2) {
                int end = Math.min(first + 2, microbatches);
                for (int stage : stages) {
                    add(list, stage, Action.Kind.F, first, end);
                }
                for (int stage : stages.reversed()) {
                    add(list, stage, Action.Kind.B, first, end);
                }
            }
            stages.forEach(stage -> list.add(Action.step(stage)));
            ranks.add(list);
        }
        return new SchedulePlan(placement, ranks);
    }

    private static void add(List<Action> list, int stage, Action.Kind kind, int first, int end) {
        for (int microbatch = first; microbatch < end; microbatch++) {
            list.add(new Action(stage, kind, microbatch));
        }
    }

    /** What is said of a schedule's memory is checked. */
    @Override
    public int mostInFlight(Placement placement, int microbatches) {
        return placement.mostOnOneRank() * Math.min(2, microbatches);
    }
}
// end region
