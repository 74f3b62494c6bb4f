package io.ketju.pipeline.schedule;

import io.ketju.pipeline.schedule.Action.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Evaluation: forwards and nothing else. In flight: one micro-batch per stage, freed when its forward ends.
 *
 * <p>A rank with one stage takes the micro-batches in order. A rank with several takes as many micro-batches as there
 * are ranks through its first stage, then the same through its next, so that all ranks are busy: the last of them has
 * left the rank when the first comes round.
 */
public record ForwardOnly() implements Schedule {
    @Override
    public String name() {
        return "ForwardOnly";
    }

    @Override
    public SchedulePlan plan(Placement placement, int microbatches) {
        int group = group(placement);
        List<List<Action>> ranks = new ArrayList<>();
        for (int rank = 0; rank < placement.ranks(); rank++) {
            List<Action> list = new ArrayList<>();
            for (int first = 0; first < microbatches; first += group) {
                for (int stage : placement.stagesOf(rank)) {
                    for (int m = first; m < Math.min(first + group, microbatches); m++) {
                        list.add(new Action(stage, Kind.F, m));
                    }
                }
            }
            ranks.add(list);
        }
        return new SchedulePlan(placement, ranks);
    }

    /**
     * {@return how many buffers for the activations of a stage evaluation needs} A stage waits until one is free; with fewer than these,
     * stages of two ranks could wait for each other.
     *
     * @param placement of the stages
     * @param microbatches of the largest mini-batch
     */
    public static int buffers(Placement placement, int microbatches) {
        return Math.min(group(placement), microbatches);
    }

    private static int group(Placement placement) {
        return placement.isOneEach() ? 1 : placement.ranks();
    }
}
