package io.ketju.benchmarks.pipeline;

import io.ketju.actors.measure.ActionTimes;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.OnCore;
import io.ketju.benchmarks.measure.Turn;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.tensor.core.TensorCore;

/**
 * What a cut could give at best: its stages run one after the other on one thread, every action is timed, and a step of
 * all stages at once is simulated from that. It takes its turns as if it were a contestant, so that both saw the same
 * machine.
 */
final class SimulatedPipeline implements AutoCloseable {
    private final PipelineSpec spec;
    private final TensorCore core;
    private final ActionTimes times;
    private final PlainLoop loop;

    /** The core, of one thread, and the batches stay the caller's. */
    SimulatedPipeline(PipelineSpec spec, WorkBatches batches, TensorCore core) {
        this.spec = spec;
        this.core = core;
        times = new ActionTimes(spec.stages(), System::nanoTime);
        loop = new PlainLoop(spec, batches, core).watchedBy(times);
    }

    /** Its rate is of samples. */
    Turn turn(Effort effort) {
        Turn steps = OnCore.of(core, Turn.repeating(1, effort, loop::step));
        return () -> {
            times.clear();
            steps.run();
            return spec.batchSize() * 1e9 / BestCut.makespan(times.costs(), spec.microbatches());
        };
    }

    @Override
    public void close() {
        loop.close();
    }
}
