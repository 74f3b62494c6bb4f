package io.ketju.pipeline;

import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.ReplicaCounts;
import io.ketju.pipeline.schedule.Replicas;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.pipeline.schedule.ScheduleValidator;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What all ranks do in a step where stages have different numbers of replicas. The schedule is asked for a chain of as many ranks
 * as there are replicas of all stages, so that it begins as many micro-batches as these can work on: each stage has the list of
 * the first of its ranks, and each of its replicas what in that list is of its own micro-batches. That is legal where the chain's
 * plan is: whoever stands further back in a chain waits for all before it anyway, and lists without the actions of some
 * micro-batches wait for no others. With 1F1B a replica begins so many micro-batches as 1F1B-RR does (Narayanan et al., PipeDream,
 * 2019): the replicas behind it and beside it, divided by those of its stage. Micro-batches come in turn from the parts that
 * replicas have.
 */
record DealtPlan(Recipe recipe, Partition partition, Set<Integer> recomputing, Replicas replicas, boolean sharesState) {
    /** The lists of all replicas of all stages. */
    SchedulePlan plan(Schedule schedule) {
        SchedulePlan whole = ofPipeline(schedule);
        Set<Integer> summing = PipelineShare.summing(recipe, partition);
        ReplicaCounts counts = replicas.counts();
        List<List<Action>> ranks = new ArrayList<>();
        for (int stage = 0; stage < counts.all(); stage++) {
            ranks.add(list(stage, whole.ranks().get(counts.inPipeline(stage)), summing));
        }
        return new SchedulePlan(Placement.oneEach(counts.stages()).replicated(counts), ranks);
    }

    private List<Action> list(int stage, List<Action> ofAll, Set<Integer> summing) {
        int inPipeline = replicas.counts().inPipeline(stage);
        boolean several = replicas.counts().of(stage) > 1;
        List<Action> list = new ArrayList<>();
        for (Action action : ofAll) {
            if (!action.ofBatch() && replicas.stage(inPipeline, true, action.microbatch()) == stage) {
                list.add(new Action(stage, action.kind(), action.microbatch()));
            }
        }
        if (several) {
            list.add(Action.exchange(stage));
        }
        if (summing.contains(stage)) {
            list.add(Action.sums(stage));
        }
        list.add(Action.step(stage));
        if (several && sharesState) {
            list.add(Action.values(stage));
        }
        return list;
    }

    /** Throws {@link IllegalArgumentException} unless the lists are legal. */
    void requireLegal(Schedule schedule) {
        Set<Integer> summing = PipelineShare.summing(recipe, partition);
        ScheduleValidator.requireLegal(
                ofPipeline(schedule).withSums(summing),
                ScheduleValidator.Purpose.TRAIN,
                schedule.mostInFlight(chain(replicas.counts()), microbatches()),
                replicas.groups());
    }

    /** A rank for every replica of every stage, in the order of the stages. */
    static Placement chain(ReplicaCounts counts) {
        return Placement.oneEach(counts.all());
    }

    /** What each stage would do if it had all micro-batches. */
    private SchedulePlan ofPipeline(Schedule schedule) {
        SchedulePlan chain = PipelineShare.plan(schedule, chain(replicas.counts()), microbatches());
        List<Integer> order = replicas.inTurn(microbatches());
        List<List<Action>> ranks = new ArrayList<>();
        int first = 0;
        for (int stage = 0; stage < partition.stages(); stage++) {
            List<Action> list = new ArrayList<>();
            for (Action action : chain.ofStage(first)) {
                int microbatch = action.ofBatch() ? 0 : order.get(action.microbatch());
                list.add(new Action(stage, action.kind(), microbatch));
            }
            ranks.add(list);
            first += replicas.counts().of(stage);
        }
        return new SchedulePlan(Placement.oneEach(partition.stages()), ranks).withRecomputation(recomputing);
    }

    private int microbatches() {
        return replicas.groups().microbatches();
    }
}
