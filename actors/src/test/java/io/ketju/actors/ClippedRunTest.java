package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.JobHash;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.TensorValues;
import io.ketju.actors.run.Training;
import io.ketju.actors.run.TrainingSession;
import io.ketju.layers.optimizer.Adam;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.catalogue.Table;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs whose steps wait for the norm of all gradients, as actors. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ClippedRunTest {
    /** Of {@link SmallJobs#tiny}, which has 6 layers. */
    private static final List<Integer> FOUR = List.of(0, 1, 3, 5, 6);

    /** 1F1B over two rounds of two ranks. */
    private static final Schedule INTERLEAVED = new Table(SchedulePlan.parse("""
            rank 0  0F0 0F1 2F0 2F1 0F2 2B0 0F3 2B1 2F2 0B0 2F3 0B1 2B2 2B3 0B2 0B3 0S 2S
            rank 1  1F0 1F1 3F0 3B0 3F1 3B1 1F2 1B0 1F3 1B1 3F2 3B2 3F3 3B3 1B2 1B3 1S 3S
            """));

    @TempDir
    private Path folder;

    /** Most of its gradients are too large; the last of its layers are the larger ones. */
    private static JobBuilder job() {
        return clipped(SmallJobs.tiny());
    }

    private static JobBuilder clipped(JobBuilder tiny) {
        return tiny.optimizer(new Adam(0.01)).clipGradNorm(0.2);
    }

    private static String train(JobBuilder job) {
        return Ketju.fit(job.build()).stateSha256();
    }

    @Test
    void everyCutAndPlacementTrainsTheSameBits() {
        String whole = train(job());
        assertThat(whole).isNotEqualTo(train(SmallJobs.tiny().optimizer(new Adam(0.01))));
        assertThat(train(job().stages(2))).isEqualTo(whole);
        assertThat(train(job().stages(3).schedule(new GPipe()))).isEqualTo(whole);
        assertThat(train(job().stageBounds(FOUR))).isEqualTo(whole);
        assertThat(train(job().stageBounds(FOUR).schedule(INTERLEAVED))).isEqualTo(whole);
        for (Placement placement : List.of(Placement.looped(2, 2), Placement.vee(2))) {
            assertThat(train(job().stageBounds(FOUR).schedule(new GPipe()).placement(placement)))
                    .as("%s", placement)
                    .isEqualTo(whole);
        }
    }

    @Test
    void stagesThatAreFrozenNeitherCountNorWait() {
        UnaryOperator<JobBuilder> frozen = job -> job.freeze("1.*").freeze("5.*");
        String whole = train(frozen.apply(job()));
        assertThat(whole).isNotEqualTo(train(job()));
        assertThat(train(frozen.apply(job()).stageBounds(List.of(0, 2, 5, 6)))).isEqualTo(whole);
        assertThat(train(frozen.apply(job())
                        .stageBounds(FOUR)
                        .schedule(new GPipe())
                        .placement(Placement.looped(2, 2))))
                .isEqualTo(whole);
    }

    @Test
    void aNormThatIsNeverReachedChangesNoBit() {
        assertThat(train(SmallJobs.tiny().clipGradNorm(1e6).stages(3))).isEqualTo(train(SmallJobs.tiny()));
    }

    @Test
    void aStoppedRunGoesOnToTheSameBits() {
        Path run = folder.resolve("run");
        try (Training training = Ketju.start(job().runDirectory(run).stages(2).build())) {
            training.stop("enough");
            training.await();
        }
        assertThat(train(job().resume(run).stages(3))).isEqualTo(train(job()));
        assertThatThrownBy(() -> Ketju.start(job().clipGradNorm(0.3).resume(run).build()))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("is a checkpoint of another job");
    }

    @Test
    void aSessionStepsToTheBitsOfTheJob() {
        TrainingResult expected = Ketju.fit(job().build());
        TrainingJob tiny = SmallJobs.tiny().build();
        try (TrainingSession session = Ketju.session(
                clipped(SmallJobs.tinyWithoutData()).stages(3).stepByStep().build())) {
            List<Map<String, TensorValues>> batches = HandedOver.batches(tiny.train(), tiny.totalSteps());
            for (Map<String, TensorValues> batch : batches) {
                session.step(batch);
                session.evaluate(batch);
            }
            assertThat(session.stateSha256()).isEqualTo(expected.stateSha256());
        }
    }

    @Test
    void theNormBelongsToTheNumbers() {
        String free = JobHash.numbers(SmallJobs.tiny().build());
        assertThat(JobHash.numbers(SmallJobs.tiny().clipGradNorm(1).build()))
                .isNotEqualTo(free)
                .isNotEqualTo(JobHash.numbers(SmallJobs.tiny().clipGradNorm(2).build()));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void whatIsNoNormIsRefused(double norm) {
        assertThatThrownBy(() -> SmallJobs.tiny().clipGradNorm(norm))
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("clip-grad-norm: expected a largest norm > 0, found " + norm);
    }
}
