package io.ketju.pipeline.catalogue;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import java.util.ArrayList;
import java.util.List;

/**
 * Two stages on each rank, there and back, with every backward in two parts (ZB-V in Qi et al., "Pipeline Parallelism with
 * Controllable Memory", NeurIPS 2024, and "Zero Bubble Pipeline Parallelism", ICLR 2024). The first rank has the model's start and its end: gradients begin where
 * activations do.
 */
public record ZBV() implements Listed {
    static final Entry<Schedule> ENTRY = Description.of(
                    "ZBV", "Two stages on each rank, there and back, every backward in two parts")
            .formula("idle = (p - 1) / 2 · F in a step where F = I = W, none within the span of a rank; in flight = p")
            .use(
                    "The bubble of InterleavedZB(chunks=2) with one hop less each way, and the start and the end of the model"
                            + " on one rank; best where F, I and W take as long as each other")
            .source("Qi et al., Zero Bubble Pipeline Parallelism, ICLR 2024")
            .always(new ZBV());

    @Override
    public Spec listed() {
        return Spec.of("ZBV");
    }

    @Override
    public Placement placement(int stages) {
        return Placement.veeOver(stages);
    }

    @Override
    public SchedulePlan plan(Placement placement, int microbatches) {
        placement.requireBe(placement(placement.stages()));
        int ranks = placement.ranks();
        int enough = Math.max(microbatches, 2 * ranks - 1);
        List<List<Action>> lists = new ArrayList<>();
        for (int rank = 0; rank < ranks; rank++) {
            lists.add(list(placement, rank, enough));
        }
        return new SchedulePlan(placement, lists).restrictedTo(microbatches);
    }

    @Override
    public int mostInFlight(Placement placement, int microbatches) {
        return placement.stages();
    }

    /** For at least as many micro-batches as there are stages, less one. */
    private static List<Action> list(Placement placement, int rank, int microbatches) {
        int there = rank;
        int back = placement.stages() - 1 - rank;
        int behind = placement.ranks() - rank;
        RankList list = new RankList();
        for (int i = 0; i < 2 * behind - 1; i++) {
            list.forward(there);
        }
        for (int i = 0; i < rank; i++) {
            list.forward(back).forward(there);
        }
        for (int i = 0; i < behind; i++) {
            list.forward(back).inputGradient(back).weightGradient(back);
        }
        while (list.forwards(back) < microbatches) {
            if (list.forwards(there) < microbatches) {
                list.forward(there);
            }
            list.inputGradient(there).weightGradient(there);
            list.forward(back).inputGradient(back).weightGradient(back);
        }
        for (int i = 0; i < rank; i++) {
            list.inputGradient(there).inputGradient(back);
        }
        for (int i = 0; i < behind; i++) {
            list.inputGradient(there).weightGradient(there);
        }
        return list.weightGradients(back).weightGradients(there).finished(placement.stagesOf(rank));
    }
}
