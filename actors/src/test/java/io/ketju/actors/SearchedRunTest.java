package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.TensorValues;
import io.ketju.actors.run.Training;
import io.ketju.actors.run.TrainingSession;
import io.ketju.layers.optimizer.EMA;
import io.ketju.layers.optimizer.LBFGS;
import io.ketju.layers.optimizer.LearningRateSchedule;
import io.ketju.layers.optimizer.LearningRateSchedules;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.catalogue.PipeDream;
import io.ketju.pipeline.catalogue.ZBV;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs whose steps are several windows of the same mini-batch, as actors. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SearchedRunTest {
    /** Of {@link SmallJobs#tiny}, which has 6 layers. */
    private static final List<Integer> FOUR = List.of(0, 1, 3, 5, 6);

    @TempDir
    private Path folder;

    private static JobBuilder searching(JobBuilder job) {
        return job.optimizer(new LBFGS(1, 4, 0, 1e-7, 1e-9, 3, true));
    }

    private static JobBuilder job() {
        return searching(SmallJobs.tiny());
    }

    private static String train(JobBuilder job) {
        return Ketju.fit(job.build()).stateSha256();
    }

    private static List<Double> losses(JobBuilder job) {
        List<Double> losses = new ArrayList<>();
        Ketju.fit(job.build(), event -> {
            if (event instanceof TrainingEvent.StepFinished step) {
                losses.add(step.loss());
            }
        });
        return losses;
    }

    @Test
    void everyCutAndScheduleTrainsTheSameBits() {
        String whole = train(job());
        assertThat(train(job().stages(2))).isEqualTo(whole);
        assertThat(train(job().stageBounds(FOUR))).isEqualTo(whole);
        assertThat(train(job().stageBounds(FOUR).schedule(new ZBV()))).isEqualTo(whole);
        assertThat(train(job().stages(3).schedule(new GPipe()).threads(2))).isEqualTo(whole);
    }

    /** What is told of a step is what its mini-batch measured before it. */
    @Test
    void theLossOfAStepIsThatOfItsFirstEvaluation() {
        TrainingJob job = job().build();
        List<Map<String, TensorValues>> batches = HandedOver.batches(job.train(), job.totalSteps());
        List<Double> told = losses(job());
        assertThat(told).hasSize(batches.size()).isEqualTo(losses(job().stages(3)));
        try (TrainingSession session = Ketju.session(
                searching(SmallJobs.tinyWithoutData()).stages(2).stepByStep().build())) {
            List<Double> evaluated = new ArrayList<>();
            List<Double> stepped = new ArrayList<>();
            for (Map<String, TensorValues> batch : batches) {
                evaluated.add(session.evaluate(batch).loss());
                stepped.add(session.step(batch).loss());
            }
            assertThat(stepped).isEqualTo(evaluated).isEqualTo(told);
            assertThat(session.stateSha256()).isEqualTo(train(job()));
        }
    }

    @Test
    void ratesAndAveragesMoveOncePerStep() {
        LearningRateSchedule falling =
                LearningRateSchedules.parse("LinearLR(start_factor=1, end_factor=0.5, total_iters=6)");
        String averaged = train(job().learningRateSchedule(falling).average(new EMA(0.5)));
        assertThat(train(job().learningRateSchedule(falling)
                        .average(new EMA(0.5))
                        .stages(3)))
                .isEqualTo(averaged);
        LearningRateSchedule watching =
                LearningRateSchedules.parse("ReduceLROnPlateau(patience=0, threshold=10, threshold_mode=abs)");
        String watched = train(job().epochs(3).learningRateSchedule(watching));
        assertThat(train(job().epochs(3).learningRateSchedule(watching).stages(2)))
                .isEqualTo(watched)
                .isNotEqualTo(train(job().epochs(3)));
        assertThat(averaged).isNotEqualTo(train(job()));
    }

    /** A stop waits for the end of the step, and what goes on after it knows all of the history. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aStoppedRunGoesOnToTheSameBits(int stages) {
        Path run = folder.resolve("run");
        try (Training training = Ketju.start(job().runDirectory(run).stages(2).build())) {
            training.stop("enough");
            training.await();
        }
        assertThat(train(job().resume(run).stages(stages))).isEqualTo(train(job()));
    }

    @Test
    void aRunBeginsFromTheStateOfAnother() {
        Path run = folder.resolve("run");
        TrainingResult first =
                Ketju.fit(job().epochs(1).runDirectory(run).stages(2).build());
        assertThat(first.steps()).isEqualTo(4);
        String gone = train(job().epochs(1).seed(5).initialState(Ketju.state(run)));
        assertThat(train(job().epochs(1).seed(5).initialState(Ketju.state(run)).stages(3)))
                .isEqualTo(gone);
        assertThat(gone).isNotEqualTo(train(job().epochs(1).seed(5)));
    }

    @Test
    void whatOverlapsIsRefused() {
        assertThatThrownBy(() -> job().stages(2)
                        .microbatches(1)
                        .schedule(new PipeDream(false))
                        .build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining(
                        "expected an optimizer whose step is one window, as updates of PipeDream overlap");
        assertThatThrownBy(() -> job().clipGradNorm(1).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("expected no clip-grad-norm with LBFGS");
    }
}
