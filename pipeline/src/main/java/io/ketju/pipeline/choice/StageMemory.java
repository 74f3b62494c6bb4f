package io.ketju.pipeline.choice;

import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.partition.StageLimit;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.stage.StagePlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether a worker has room for a stage, as it will be planned, wherever the other stages are cut. A worker with several
 * stages gives each an equal part.
 */
final class StageMemory implements StageLimit {
    private record Cut(int stage, int from, int to) {}

    private final PipelineSpec job;
    private final List<Integer> bounds;
    private final Workers workers;
    private final Map<Cut, Boolean> known = new HashMap<>();

    /**
     * @param job whose stages are to be cut; where it cuts does not count
     * @param bounds places where it may be cut, and both ends
     */
    StageMemory(PipelineSpec job, List<Integer> bounds, Workers workers) {
        this.job = job;
        this.bounds = bounds;
        this.workers = workers;
    }

    @Override
    public boolean holds(int stage, int from, int to) {
        return known.computeIfAbsent(new Cut(stage, from, to), this::holds);
    }

    private boolean holds(Cut cut) {
        Placement placement = job.placement();
        int rank = placement.rankOf(cut.stage());
        PipelineSpec spec = new PipelineSpec(
                job.recipe(), with(cut), placement, job.schedule(), job.recomputing(), job.wire(), job.sharesState());
        long share = workers.memory(rank) / placement.stagesOf(rank).size();
        return StagePlan.of(spec, cut.stage()).bytes() <= share;
    }

    /** With one layer for each of the other stages as far as there are more, which changes nothing of this one. */
    private Partition with(Cut cut) {
        List<Integer> places = new ArrayList<>();
        for (int stage = 0; stage < cut.stage(); stage++) {
            places.add(bounds.get(stage));
        }
        places.add(bounds.get(cut.from()));
        for (int stage = cut.stage() + 1; stage < job.stages(); stage++) {
            places.add(bounds.get(cut.to() + stage - cut.stage() - 1));
        }
        places.add(bounds.getLast());
        return new Partition(places);
    }
}
