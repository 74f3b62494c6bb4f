package io.ketju.benchmarks.pipeline;

import io.ketju.actors.measure.ActionTimes;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.OnCore;
import io.ketju.benchmarks.measure.Turn;
import io.ketju.pipeline.choice.LayerTimes;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.SimulationCosts.StageCosts;
import io.ketju.tensor.core.TensorCore;
import java.util.List;

/**
 * What every layer of a work takes on one thread, each as a stage of its own, and the two stages that follow from it.
 * Layers that run as one kernel call count as one, and a view goes with the layer behind it.
 */
final class TimedLayers {
    private final int microbatches;
    private final List<Integer> bounds;
    private final List<StageCosts> costs;

    private TimedLayers(int microbatches, List<Integer> bounds, List<StageCosts> costs) {
        this.microbatches = microbatches;
        this.bounds = bounds;
        this.costs = costs;
    }

    /** Measures them for some turns, after as many unmeasured ones as the compiler wants. */
    static TimedLayers measure(PipelineWork work, int microbatches, WorkBatches batches, TensorCore core, Effort effort)
            throws Exception {
        List<Integer> bounds = LayerTimes.bounds(work.spec(microbatches));
        ActionTimes times = new ActionTimes(bounds.size() - 1, System::nanoTime);
        try (PlainLoop loop = new PlainLoop(work.spec(new Partition(bounds), microbatches), batches, core)) {
            loop.watchedBy(times);
            Effort warm = new Effort(effort.warm(), 1, effort.warm(), effort.clock());
            OnCore.of(core, Turn.repeating(1, warm, loop::step)).run();
            times.clear();
            OnCore.of(core, Turn.repeating(1, effort, loop::step)).run();
        }
        return new TimedLayers(microbatches, bounds, times.costs());
    }

    /** The two stages that are done first. */
    Partition best() {
        int layers = BestCut.of(costs, microbatches).layers();
        return new Partition(List.of(0, bounds.get(layers), bounds.getLast()));
    }
}
