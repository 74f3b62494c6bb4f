package io.ketju.benchmarks.training;

import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.stage.InProcessRunner;
import io.ketju.pipeline.stage.WindowMetrics;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.List;

/** Training steps by the {@link InProcessRunner}, round and round over the synthetic mini-batches. */
public final class KetjuTraining implements AutoCloseable {
    private record Batch(Tensor inputs, Tensor labels) {}

    private final TensorArena arena;
    private final List<Batch> batches = new ArrayList<>();
    private final InProcessRunner runner;
    private long steps;
    private double loss;

    /** The core stays the caller's. */
    public KetjuTraining(PipelineSpec spec, SyntheticBatches samples, TensorCore core) {
        Shape inputs = spec.model().inputShape().batched(spec.batchSize());
        Shape labels = Shape.of(spec.batchSize());
        List<SyntheticBatches.Batch> all = samples.all();
        arena = new TensorArena(all.size() * (TensorArena.bytesFor(inputs) + TensorArena.bytesFor(labels)));
        for (SyntheticBatches.Batch batch : all) {
            Tensor x = arena.allocate(inputs);
            x.copyFrom(batch.inputs());
            Tensor y = arena.allocate(DType.INT32, labels);
            for (int i = 0; i < batch.labels().length; i++) {
                y.setInt(i, batch.labels()[i]);
            }
            batches.add(new Batch(x, y));
        }
        runner = new InProcessRunner(spec, core);
    }

    /** One whole step: forward, loss, backward, update. */
    public void step() {
        Batch batch = batches.get((int) (steps % batches.size()));
        steps++;
        WindowMetrics metrics = runner.train(steps, batch.inputs(), batch.labels());
        loss = metrics.lossSum() / batch.labels().elements();
    }

    /** Mean loss of the last step's mini-batch. */
    public double loss() {
        return loss;
    }

    @Override
    public void close() {
        runner.close();
        arena.close();
    }
}
