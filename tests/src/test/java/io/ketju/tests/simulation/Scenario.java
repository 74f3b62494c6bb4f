package io.ketju.tests.simulation;

import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.JobCheckpoints;
import io.ketju.actors.job.ModelSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.data.ArrayDataset;
import io.ketju.layers.model.zoo.MLP;
import io.ketju.layers.optimizer.Adam;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.catalogue.ZB1P;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.tensor.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What is trained, and on how much: the recipe is always the same, so all seeds end with the same bits.
 *
 * @param sharesFolder whether all nodes have the run's folder; else files go by the network, and workers keep copies in memory
 * @param checkpointEpochs epochs from one checkpoint to the next
 * @param restarts after losses that the run makes by itself; 0: it ends at the first, and is started again by who looks after it
 */
record Scenario(int stages, int workers, Schedule schedule, int restarts, boolean sharesFolder, int checkpointEpochs) {
    private static final int MOST_RESTARTS = 10;
    private static final int EPOCHS = 3;

    private static final List<Schedule> SCHEDULES = List.of(new GPipe(), new OneForwardOneBackward(), new ZB1P());

    static Scenario of(SplittableRandom random) {
        return new Scenario(
                random.nextInt(2, 5),
                random.nextInt(1, 4),
                SCHEDULES.get(random.nextInt(SCHEDULES.size())),
                random.nextInt(3) == 0 ? 0 : MOST_RESTARTS,
                random.nextInt(3) == 0,
                random.nextBoolean() ? 1 : EPOCHS);
    }

    /** 9 steps of 3 micro-batches, the last one of each epoch ragged, in 3 epochs. */
    private static JobBuilder recipe() {
        return new JobBuilder()
                .name("simulated")
                .model(new ModelSource("custom", Shape.of(4), MLP.of(4, 8, 6, 3)))
                .data(new DataSource("custom", samples("train", 17), samples("test", 3)))
                .optimizer(new Adam(0.01))
                .batchSize(6)
                .microbatches(3)
                .epochs(EPOCHS)
                .seed(11)
                .threads(1);
    }

    static TrainingJob undisturbed() {
        return recipe().build();
    }

    /** A start of the run in this folder: the first, or one that goes on. */
    TrainingJob job(Path run) {
        JobBuilder job = recipe().stages(stages)
                .schedule(schedule)
                .maxRestarts(restarts)
                .checkpoints(JobCheckpoints.USUAL.everyEpochs(checkpointEpochs).copyingEvery(1));
        return (Files.exists(run.resolve("job.conf")) ? job.resume(run) : job.runDirectory(run)).build();
    }

    private static ArrayDataset samples(String name, int count) {
        float[] inputs = new float[count * 4];
        int[] targets = new int[count];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = (i * 37 % 101 - 50) / 50f;
        }
        for (int i = 0; i < count; i++) {
            targets[i] = i % 3;
        }
        return new ArrayDataset(name, Shape.of(4), inputs, targets);
    }
}
