package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.JobHash;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.run.Training;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.normalization.BatchNorm1d;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.CosineAnnealingLR;
import io.ketju.layers.regularization.Dropout;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.tensor.Shape;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose steps are over several mini-batches, as actors. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class AccumulatedRunTest {
    @TempDir
    private Path folder;

    /** Running statistics, dropout by sample, rates and optimizer by step; 23 samples, 12 to test. */
    private static JobBuilder job() {
        Sequential layers = Sequential.of(
                new Linear(4, 8), new BatchNorm1d(8), new Dropout(0.2), new Linear(8, 6), new Linear(6, 3));
        return SmallJobs.tiny()
                .model(Shape.of(4), layers)
                .data(new DataSource("custom", SmallJobs.samples("train", 23), SmallJobs.samples("test", 12)))
                .optimizer(new Adam(0.01))
                .learningRateSchedule(new CosineAnnealingLR())
                .clipGradNorm(0.3)
                .tellGradNorm();
    }

    /** An epoch ends with a whole mini-batch and one of 5 samples: micro-batches of 3, and the last one of 2, in any case. */
    @Test
    void itIsAMinibatchSoManyTimesAsLarge() {
        ToldRun large = ToldRun.of(job().batchSize(12).microbatches(4));
        ToldRun small = ToldRun.of(job().batchSize(6).microbatches(2).accumulate(2));
        assertThat(small.steps()).hasSize(4);
        assertThat(small).isEqualTo(large);
        assertThat(ToldRun.of(job().batchSize(6).microbatches(2).accumulate(2).stages(3)))
                .isEqualTo(large);
        assertThat(ToldRun.of(job().batchSize(3)
                        .microbatches(1)
                        .accumulate(4)
                        .stages(2)
                        .schedule(new GPipe())))
                .isEqualTo(large);
        assertThat(ToldRun.of(job().batchSize(6).microbatches(2)).stateSha256()).isNotEqualTo(large.stateSha256());
    }

    @Test
    void theLastGroupOfAnEpochHasWhatIsLeft() {
        // Four mini-batches of 6, 6, 6 and 5 samples: a step over three of them, and one over the last.
        TrainingJob job = job().batchSize(6).microbatches(2).accumulate(3).build();
        assertThat(job.stepsPerEpoch()).isEqualTo(2);
        assertThat(job.batchSize()).isEqualTo(18);
        assertThat(job.microbatches()).isEqualTo(6);
        ToldRun whole = ToldRun.of(job().batchSize(6).microbatches(2).accumulate(3));
        assertThat(whole.steps()).hasSize(4);
        assertThat(ToldRun.of(job().batchSize(6)
                        .microbatches(2)
                        .accumulate(3)
                        .stages(4)
                        .schedule(new GPipe())))
                .isEqualTo(whole);
        // More than an epoch has: all of it in one step.
        assertThat(ToldRun.of(job().batchSize(6).microbatches(2).accumulate(9)).steps())
                .hasSize(2);
    }

    @Test
    void aKeptRunGoesOnAndIsMeasuredAlike() {
        Path run = folder.resolve("run");
        try (Training training = Ketju.start(job().batchSize(6)
                .microbatches(2)
                .accumulate(2)
                .runDirectory(run)
                .stages(2)
                .build())) {
            training.stop("enough");
            training.await();
        }
        TrainingJob rest = job().batchSize(6)
                .microbatches(2)
                .accumulate(2)
                .resume(run)
                .stages(3)
                .build();
        ToldRun whole = ToldRun.of(job().batchSize(6).microbatches(2).accumulate(2));
        assertThat(Ketju.fit(rest).stateSha256()).isEqualTo(whole.stateSha256());
        try (TrainedModel model = Ketju.load(rest, run)) {
            assertThat(model.evaluate(SmallJobs.samples("test", 12)).metrics())
                    .isEqualTo(whole.tests().getLast());
        }
    }

    @Test
    void itBelongsToTheNumbers() {
        assertThat(JobHash.numbers(
                        job().batchSize(6).microbatches(2).accumulate(2).build()))
                .isNotEqualTo(JobHash.numbers(job().batchSize(6).microbatches(2).build()))
                .isNotEqualTo(
                        JobHash.numbers(job().batchSize(12).microbatches(4).build()));
    }

    @Test
    void whatCannotBeIsRefusedInOneLine() {
        assertThatThrownBy(() -> job().accumulate(0).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("accumulate: expected at least 1, found 0");
        assertThatThrownBy(() ->
                        job().batchSize(1 << 30).microbatches(1).accumulate(3).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("accumulate: expected at most 1 mini-batches of 1 micro-batch with 1 stage, found 3");
        assertThatThrownBy(() ->
                        SmallJobs.tinyWithoutData().accumulate(2).stepByStep().build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("accumulate: expected none for a job that is trained step by step, found 2;"
                        + " hand over all samples of a step together, as one mini-batch");
    }
}
