package io.ketju.actors.job;

import io.ketju.data.Batch;
import io.ketju.data.BatchOrder;
import io.ketju.data.Batches;
import io.ketju.data.Dataset;
import io.ketju.layers.model.Head;
import io.ketju.pipeline.stage.Window;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.memory.TensorArena;
import java.util.List;

/** The mini-batches of a job: which samples each window has. A function of the job, so that a resumed run needs only the step. */
public final class JobBatches {
    private final TrainingJob job;
    private final Batches train;
    private final Batches test;

    public JobBatches(TrainingJob job) {
        this.job = job;
        train = new Batches(job.data().train().size(), job.batchSize(), BatchOrder.shuffled(job.seed()));
        test = new Batches(job.data().test().size(), job.batchSize(), BatchOrder.sequential());
    }

    /** The samples that windows of this phase are taken from. */
    public Dataset samples(Window.Phase phase) {
        return phase == Window.Phase.TRAIN ? job.data().train() : job.data().test();
    }

    /**
     * The samples of a window.
     *
     * @param firstSample of an evaluation: position of its first sample in the test set
     */
    public Batch batch(Window window, int firstSample) {
        return window.phase() == Window.Phase.TRAIN
                ? train.batch(window.step() - 1)
                : test.batch(firstSample / job.batchSize());
    }

    /** What the targets of a window weigh for each of the model's losses: reads them all. */
    public List<Double> weights(Window window, int firstSample) {
        Dataset samples = samples(window.phase());
        TensorType type =
                new TensorType(samples.targetType(), samples.targetShape().batched(window.samples()));
        try (TensorArena arena = new TensorArena(type.bytes())) {
            Tensor targets = arena.allocate(type);
            batch(window, firstSample).copyTargets(samples, 0, targets);
            return job.model().heads().stream()
                    .map(head -> weight(head, targets))
                    .toList();
        }
    }

    private static double weight(Head head, Tensor targets) {
        return head.loss().weight(List.of(targets));
    }
}
