package io.ketju.benchmarks.pipeline;

import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.OnCore;
import io.ketju.benchmarks.measure.Turn;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.stage.ActionWatch;
import io.ketju.pipeline.stage.InProcessRunner;
import io.ketju.tensor.core.TensorCore;

/** The loop without actors: every stage of a work on one worker of the core, step after step. */
final class PlainLoop implements AutoCloseable {
    private final InProcessRunner runner;
    private final WorkBatches batches;
    private final TensorCore core;
    private final int batchSize;
    private long steps;

    /** The core and the batches stay the caller's. */
    PlainLoop(PipelineSpec spec, WorkBatches batches, TensorCore core) {
        this.runner = new InProcessRunner(spec, core);
        this.batches = batches;
        this.core = core;
        this.batchSize = spec.batchSize();
    }

    /** Has this stand around every action. */
    PlainLoop watchedBy(ActionWatch watch) {
        runner.watch(watch);
        return this;
    }

    /** One whole step, on the calling thread. */
    void step() {
        WorkBatches.Batch batch = batches.of(steps);
        steps++;
        runner.train(steps, batch.inputs(), batch.targets());
    }

    /** Its rate is of samples. */
    Turn turn(Effort effort) {
        return OnCore.of(core, Turn.repeating(batchSize, effort, this::step));
    }

    @Override
    public void close() {
        runner.close();
    }
}
