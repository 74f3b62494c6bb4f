package io.ketju.tests;

import io.ketju.actors.job.TrainingJob;
import io.ketju.data.Batch;
import io.ketju.data.BatchOrder;
import io.ketju.data.Batches;
import io.ketju.data.Dataset;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.GPipe;
import io.ketju.pipeline.stage.InProcessRunner;
import io.ketju.pipeline.stage.WindowMetrics;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.List;

/**
 * What a job must come to: the plain training loop, with the whole model as one stage on one thread. No actor, no
 * message, no neighbour. Every other way to run the same job must end with the same hash.
 *
 * @param stateSha256 of all parameters and optimizer state after the last step
 * @param losses mean loss of every step's mini-batch, before the step
 */
public record Oracle(String stateSha256, List<Double> losses) {
    public Oracle {
        losses = List.copyOf(losses);
    }

    /** Trains the whole job. */
    public static Oracle of(TrainingJob job) {
        return of(job, job.totalSteps());
    }

    /** Trains the job's first steps only. */
    public static Oracle of(TrainingJob job, long steps) {
        try (TensorCore core = TensorCore.open(1);
                InProcessRunner runner = new InProcessRunner(oneStage(job.pipeline()), core)) {
            List<Double> losses = train(runner, job, steps);
            return new Oracle(runner.stateHash(), losses);
        }
    }

    /** The runner that an oracle trains, before its first step. */
    public static PipelineSpec oneStage(PipelineSpec spec) {
        return new PipelineSpec(spec.recipe(), Partition.single(spec.model()), new GPipe());
    }

    private static List<Double> train(InProcessRunner runner, TrainingJob job, long steps) {
        Dataset samples = job.data().train();
        Batches batches = new Batches(samples.size(), job.batchSize(), BatchOrder.shuffled(job.seed()));
        List<Double> losses = new ArrayList<>();
        long bytes = TensorArena.bytesFor(samples.inputShape().batched(job.batchSize()))
                + TensorArena.bytesFor(samples.targetShape().batched(job.batchSize()));
        try (TensorArena arena = new TensorArena(bytes)) {
            for (long step = 1; step <= steps; step++) {
                arena.reset();
                Batch batch = batches.batch(step - 1);
                Tensor inputs =
                        arena.allocate(samples.inputType(), samples.inputShape().batched(batch.size()));
                Tensor targets = arena.allocate(
                        samples.targetType(), samples.targetShape().batched(batch.size()));
                batch.copyInputs(samples, 0, inputs);
                batch.copyTargets(samples, 0, targets);
                WindowMetrics metrics = runner.train(step, inputs, targets);
                losses.add(metrics.lossSum() / batch.size());
            }
        }
        return losses;
    }
}
