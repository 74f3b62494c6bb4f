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
 * DualPipe cut in half (DeepSeek-AI, "DualPipe", 2025): two stages on each rank, there and back, where a forward of one and a
 * backward of the other make a pair. Its authors overlap what a pair computes and sends; here a pair is two actions, one after
 * the other, and sending needs nobody's time anyway.
 */
public record DualPipeV() implements Listed {
    static final Entry<Schedule> ENTRY = Description.of(
                    "DualPipeV", "Two stages on each rank, there and back, forwards paired with backwards of the other")
            .formula("idle = (p - 1) / 2 · F in a step where F = I = W; in flight = p + 1 / 2")
            .use("To compare; its pairs save time only where two kernels of a rank run at once, which they do not here")
            .source("DeepSeek-AI, DualPipe, 2025 (DualPipeV)")
            .always(new DualPipeV());

    @Override
    public Spec listed() {
        return Spec.of("DualPipeV");
    }

    @Override
    public Placement placement(int stages) {
        return Placement.veeOver(stages);
    }

    @Override
    public SchedulePlan plan(Placement placement, int microbatches) {
        placement.requireBe(placement(placement.stages()));
        int ranks = placement.ranks();
        int enough = Math.max(microbatches, 2 * ranks);
        List<List<Action>> lists = new ArrayList<>();
        for (int rank = 0; rank < ranks; rank++) {
            lists.add(list(placement, rank, enough));
        }
        return new SchedulePlan(placement, lists).restrictedTo(microbatches);
    }

    @Override
    public int mostInFlight(Placement placement, int microbatches) {
        return placement.stages() + 1;
    }

    /** For at least as many micro-batches as there are stages. */
    private static List<Action> list(Placement placement, int rank, int microbatches) {
        int there = rank;
        int back = placement.stages() - 1 - rank;
        int behind = placement.ranks() - 1 - rank;
        RankList list = new RankList();
        for (int i = 0; i < 2 * behind; i++) {
            list.forward(there);
        }
        for (int i = 0; i <= rank; i++) {
            list.forward(there).forward(back);
        }
        for (int i = 0; i < behind; i++) {
            list.inputGradient(back).weightGradient().forward(back);
        }
        for (int i = 0; i < microbatches - 2 * placement.ranks() + rank + 1; i++) {
            list.forward(there).backward(back).forward(back).backward(there);
        }
        for (int i = 0; i < behind; i++) {
            list.backward(back).forward(back).backward(there);
        }
        // The second half of what is left comes in two parts.
        for (int i = 0; i < 2 * (rank + 1); i++) {
            int stage = i % 2 == 0 ? back : there;
            if (i <= rank) {
                list.backward(stage);
            } else {
                list.inputGradient(stage);
            }
        }
        for (int i = 0; i < behind; i++) {
            list.weightGradient().inputGradient(there);
        }
        return list.weightGradientsBut(0).finished(placement.stagesOf(rank));
    }
}
