package io.ketju.benchmarks.pipeline;

import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.OnCore;
import io.ketju.benchmarks.measure.Turn;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.program.Step;
import io.ketju.pipeline.schedule.SimulationCosts.StageCosts;
import io.ketju.tensor.core.TensorCore;
import java.util.ArrayList;
import java.util.List;

/**
 * What every layer of a work takes on one thread, each as a stage of its own, and the two stages that follow from it.
 * Layers that run as one kernel call count as one, and a view goes with the layer behind it.
 */
final class LayerTimes {
    private final int microbatches;
    private final List<Integer> bounds;
    private final List<StageCosts> costs;

    private LayerTimes(int microbatches, List<Integer> bounds, List<StageCosts> costs) {
        this.microbatches = microbatches;
        this.bounds = bounds;
        this.costs = costs;
    }

    /** Measures them for some turns, after as many unmeasured ones as the compiler wants. */
    static LayerTimes measure(PipelineWork work, int microbatches, WorkBatches batches, TensorCore core, Effort effort)
            throws Exception {
        List<Integer> bounds = bounds(work.spec(microbatches));
        ActionTimes times = new ActionTimes(bounds.size() - 1, System::nanoTime);
        try (PlainLoop loop = new PlainLoop(work.spec(new Partition(bounds), microbatches), batches, core)) {
            loop.watchedBy(times);
            Effort warm = new Effort(effort.warm(), 1, effort.warm(), effort.clock());
            OnCore.of(core, Turn.repeating(1, warm, loop::step)).run();
            times.clear();
            OnCore.of(core, Turn.repeating(1, effort, loop::step)).run();
        }
        return new LayerTimes(microbatches, bounds, times.costs());
    }

    /** Where what runs as one begins, in the numbers of the model's layers, and where the last of them ends. */
    static List<Integer> bounds(PipelineSpec spec) {
        List<Integer> bounds = new ArrayList<>(List.of(0));
        for (Step step : spec.onOneStage().program(0).steps()) {
            if (step instanceof Step.LayerStep layer && !layer.view()) {
                bounds.add(layer.index() + 1);
            }
        }
        return bounds;
    }

    /** The two stages that are done first. */
    Partition best() {
        int layers = BestCut.of(costs, microbatches).layers();
        return new Partition(List.of(0, bounds.get(layers), bounds.getLast()));
    }
}
