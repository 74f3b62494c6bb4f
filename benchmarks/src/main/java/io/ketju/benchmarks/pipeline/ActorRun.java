package io.ketju.benchmarks.pipeline;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.Training;
import io.ketju.benchmarks.measure.Clock;
import io.ketju.benchmarks.training.SyntheticBatches;
import io.ketju.benchmarks.training.Workload;
import io.ketju.cluster.KetjuCluster;
import io.ketju.cluster.link.LinkMode;
import io.ketju.layers.model.zoo.Models;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A run of stage actors from start to end, of which the steady part is timed by the steps that a listener sees. */
final class ActorRun {
    private static final int WARM_STEPS = 10;

    /** How many steps are timed, by which clock. */
    record Stretch(int steps, Clock clock) {}

    private ActorRun() {}

    /** LeNet-5 in so many stages; returns samples per second over the given stretch. */
    static double samplesPerSecond(int stages, int microbatches, int threads, Stretch stretch, LinkMode links) {
        int steps = stretch.steps();
        Workload work = Workload.LENET;
        int last = WARM_STEPS + steps;
        List<SyntheticBatches.Batch> batches = new SyntheticBatches(work, 1).all();
        TrainingJob job = Ketju.job()
                .model(work.inputShape(), Models.leNet5())
                .data(new DataSource(
                        "synthetic",
                        new SyntheticDataset(work.inputShape(), batches, last * work.batchSize()),
                        new SyntheticDataset(work.inputShape(), batches, work.batchSize())))
                .optimizer(work.optimizer())
                .stages(stages)
                .microbatches(microbatches)
                .batchSize(work.batchSize())
                .threads(threads)
                .build();
        AtomicLong begin = new AtomicLong();
        AtomicLong end = new AtomicLong();
        try (Training training = KetjuCluster.embedded(job, links, event -> {
            if (event instanceof TrainingEvent.StepFinished step) {
                long now = stretch.clock().nanos();
                if (step.step() == WARM_STEPS) {
                    begin.set(now);
                } else if (step.step() == last) {
                    end.set(now);
                }
            }
        })) {
            training.await();
        }
        return steps * work.batchSize() * 1e9 / (end.get() - begin.get());
    }
}
