package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.JobHash;
import io.ketju.actors.job.JobText;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.TensorValues;
import io.ketju.actors.run.Training;
import io.ketju.actors.run.TrainingSession;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.normalization.BatchNorm1d;
import io.ketju.layers.regularization.Dropout;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.catalogue.Auto;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.catalogue.Schedules;
import io.ketju.pipeline.choice.LayerTimes;
import io.ketju.pipeline.choice.ScheduleChoice;
import io.ketju.pipeline.choice.ScheduleComparison;
import io.ketju.pipeline.partition.Partitioner;
import io.ketju.pipeline.stage.Recompute;
import io.ketju.tensor.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs whose stages run forwards again, as actors. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RecomputedRunTest {
    @TempDir
    private Path folder;

    /** 3 micro-batches, of two samples each and in the last mini-batch of an epoch fewer. */
    private static JobBuilder job() {
        return learning(SmallJobs.tiny());
    }

    private static JobBuilder learning(JobBuilder tiny) {
        Sequential layers = Sequential.of(
                new Linear(4, 8),
                new Dropout(0.3),
                new Linear(8, 6),
                new Dropout(0.3),
                new Linear(6, 5),
                new Linear(5, 3));
        return tiny.model(Shape.of(4), layers);
    }

    private static String train(JobBuilder job) {
        return Ketju.fit(job.build()).stateSha256();
    }

    @Test
    void theyTrainTheSameBits() {
        String whole = train(job());
        assertThat(train(job().recompute(new Recompute.All()))).isEqualTo(whole);
        assertThat(train(job().stages(3).recompute(new Recompute.All()))).isEqualTo(whole);
        assertThat(train(job().stages(3).schedule(new GPipe()).recompute(new Recompute.Stages(Set.of(1)))))
                .isEqualTo(whole);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ZBV", "Interleaved1F1B(2)", "ZB1P"})
    void soTheyDoWithSeveralStagesOnARankAndSplitBackwards(String schedule) {
        assertThat(train(job().stages(4)
                        .schedule(Schedules.parse(schedule))
                        .threads(2)
                        .clipGradNorm(1e6)
                        .recompute(new Recompute.All())))
                .isEqualTo(train(job()));
    }

    /** A forward runs again on the version of the weights that it ran on, which is not the newest. */
    @ParameterizedTest
    @ValueSource(strings = {"PipeDream", "PipeDream(vertical_sync=true)", "PipeDream2BW"})
    void soTheyDoOnOldWeights(String schedule) {
        String whole = train(overlapping(schedule));
        assertThat(train(overlapping(schedule).recompute(new Recompute.All()))).isEqualTo(whole);
        assertThat(train(overlapping(schedule).recompute(new Recompute.Stages(Set.of(0, 2)))))
                .isEqualTo(whole);
        assertThat(whole).isNotEqualTo(train(job().stages(3)));
    }

    private static JobBuilder overlapping(String schedule) {
        return job().stages(3).schedule(Schedules.parse(schedule)).threads(2);
    }

    /** The statistics of a mini-batch are taken in once. */
    @Test
    void runningStatisticsMoveOnce() {
        Sequential layers = Sequential.of(new Linear(4, 8), new BatchNorm1d(8), new Linear(8, 6), new Linear(6, 3));
        String whole = train(normalized(layers));
        assertThat(train(normalized(layers).stages(2).recompute(new Recompute.All())))
                .isEqualTo(whole);
        assertThat(train(normalized(layers).stages(4).schedule(new GPipe()).recompute(new Recompute.All())))
                .isEqualTo(whole);
    }

    private static JobBuilder normalized(Sequential layers) {
        return SmallJobs.tiny().model(Shape.of(4), layers).batchSize(12).microbatches(2);
    }

    @Test
    void aRunGoesOnWhereverItRecomputes() {
        Path run = folder.resolve("run");
        try (Training training = Ketju.start(
                job().runDirectory(run).stages(2).recompute(new Recompute.All()).build())) {
            training.stop("enough");
            training.await();
        }
        assertThat(train(job().resume(run).stages(3).recompute(new Recompute.Stages(Set.of(2)))))
                .isEqualTo(train(job()));
    }

    @Test
    void aSessionStepsToTheBitsOfTheJob() {
        TrainingJob tiny = job().build();
        try (TrainingSession session = Ketju.session(learning(SmallJobs.tinyWithoutData())
                .stages(3)
                .recompute(new Recompute.All())
                .stepByStep()
                .build())) {
            List<Map<String, TensorValues>> batches = HandedOver.batches(tiny.train(), tiny.totalSteps());
            for (Map<String, TensorValues> batch : batches) {
                session.step(batch);
                session.evaluate(batch);
            }
            assertThat(session.stateSha256()).isEqualTo(train(job()));
        }
    }

    @Test
    void itBelongsToTheOrderAndNotToTheNumbers() {
        TrainingJob plain = job().stages(3).build();
        TrainingJob again =
                job().stages(3).recompute(new Recompute.Stages(Set.of(0, 2))).build();
        assertThat(JobHash.numbers(again)).isEqualTo(JobHash.numbers(plain));
        assertThat(JobHash.connection(again)).isNotEqualTo(JobHash.connection(plain));
        assertThat(JobText.print(again)).contains("\nrecompute = [0, 2]\n");
        assertThat(JobText.print(plain)).doesNotContain("recompute");
    }

    /** The forwards that run again take time: the choice is the first row of the comparison of this job. */
    @Test
    void aScheduleThatIsLeftOpenIsChosenForStagesThatRecompute() {
        TrainingJob chosen = job().stages(2)
                .schedule(new Auto())
                .recompute(new Recompute.All())
                .build();
        PipelineSpec usual = new PipelineSpec(
                        chosen.pipeline().recipe(),
                        Partitioner.balanced(chosen.model(), 2),
                        new OneForwardOneBackward())
                .withRecomputing(Set.of(0, 1));
        ScheduleComparison all = ScheduleComparison.of(usual, LayerTimes.modelled(usual));
        assertThat(chosen.pipeline()).isEqualTo(ScheduleChoice.fastest(all));
    }

    @Test
    void whatCannotBeIsRefusedInOneLine() {
        assertThatThrownBy(() -> job().stages(3)
                        .recompute(new Recompute.Stages(Set.of(3)))
                        .build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("recompute: expected stages from 0 to 2 to recompute, found 3");
        assertThatThrownBy(() -> overlapping("NoStash")
                        .recompute(new Recompute.Stages(Set.of(1)))
                        .build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage(
                        "recompute: expected no stage that recomputes, as NoStash keeps no weights for a forward to run on"
                                + " again, found [1]; PipeDream, PipeDream2BW and schedules with a flush take it");
        assertThatThrownBy(
                        () -> job().stages(3).recompute(new Recompute.Fit(100)).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessageMatching("recompute: expected a size that every rank fits when its stages recompute,"
                        + " at least \\d+(B|KiB) for rank \\d, found 100B");
    }
}
