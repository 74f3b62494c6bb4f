package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.Training;
import io.ketju.data.BatchSource;
import io.ketju.data.BatchTensors;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.LearningRateSchedules;
import io.ketju.layers.optimizer.PlateauState;
import io.ketju.layers.optimizer.ReduceLROnPlateau;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.stage.InProcessRunner;
import io.ketju.pipeline.stage.WindowMetrics;
import io.ketju.tensor.core.TensorCore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs whose rates follow from what they measure, as actors. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PlateauRunTest {
    private static final String TEST = "ReduceLROnPlateau(cooldown=1, factor=0.3, patience=0, threshold=0.4)";
    private static final String TRAIN = "ReduceLROnPlateau(data=train, factor=0.5, patience=0, threshold=0.4)";
    private static final String ACCURACY =
            "ReduceLROnPlateau(data=train, factor=0.4, metric=accuracy, mode=max, patience=1, threshold=0.9)";

    @TempDir
    private Path folder;

    /** Five epochs of four steps, of which the first that reduces is the second. */
    private static JobBuilder job(String rule) {
        return SmallJobs.tiny().epochs(5).learningRateSchedule(LearningRateSchedules.parse(rule));
    }

    private static void stopAfter(int step, JobBuilder job) {
        TrainingListener stopping = TrainingListener.controlling((event, control) -> {
            if (event instanceof TrainingEvent.StepFinished done && done.step() == step) {
                control.stop("enough");
            }
        });
        try (Training training = Ketju.start(job.build(), stopping)) {
            assertThat(training.await().completed()).isFalse();
        }
    }

    private static TrainingResult train(JobBuilder job) {
        return Ketju.fit(job.build());
    }

    /** The plain training loop: an epoch, its evaluation, then the rule. */
    private static String oracle(TrainingJob job) {
        ReduceLROnPlateau rule = (ReduceLROnPlateau) job.learningRateSchedule();
        PlateauState state = rule.start();
        try (TensorCore core = TensorCore.open(1);
                InProcessRunner runner = new InProcessRunner(job.pipeline().onOneStage(), core);
                BatchTensors tensors = new BatchTensors(job.train());
                BatchTensors tests = new BatchTensors(job.test().orElseThrow())) {
            WindowMetrics trained = WindowMetrics.NONE;
            for (long step = 1; step <= job.totalSteps(); step++) {
                trained =
                        trained.plus(runner.train(step, tensors.read(job.train().plan(step - 1))));
                if (step % job.stepsPerEpoch() == 0) {
                    WindowMetrics tested = evaluated(runner, step, job.test().orElseThrow(), tests);
                    boolean train = rule.data() == ReduceLROnPlateau.Watched.TRAIN;
                    Double value = (train ? trained : tested)
                            .values(job.model().heads())
                            .get(rule.metric());
                    state = rule.after(state, Objects.requireNonNull(value));
                    runner.reduceRates(state.reductions());
                    trained = WindowMetrics.NONE;
                }
            }
            assertThat(state.reductions()).isGreaterThan(1);
            return runner.stateHash();
        }
    }

    private static WindowMetrics evaluated(
            InProcessRunner runner, long step, BatchSource source, BatchTensors tensors) {
        WindowMetrics all = WindowMetrics.NONE;
        for (int batch = 0; batch < source.stepsPerEpoch(); batch++) {
            all = all.plus(runner.evaluate(step, tensors.read(source.plan(batch))));
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(strings = {TEST, TRAIN, ACCURACY})
    void everyCutReducesAsThePlainLoop(String rule) {
        String expected = oracle(job(rule).build());
        assertThat(expected)
                .isNotEqualTo(
                        train(job(rule).learningRateSchedule(new ConstantLR())).stateSha256());
        assertThat(train(job(rule)).stateSha256()).isEqualTo(expected);
        assertThat(train(job(rule).stages(3)).stateSha256()).isEqualTo(expected);
        assertThat(train(job(rule)
                                .stageBounds(List.of(0, 1, 3, 5, 6))
                                .schedule(new GPipe())
                                .placement(Placement.looped(2, 2)))
                        .stateSha256())
                .isEqualTo(expected);
    }

    /** Within an epoch, at its end before its evaluation, and behind a reduction. */
    @ParameterizedTest
    @CsvSource({"2", "4", "10", "12", "15"})
    void aStoppedRunGoesOnToTheSameBits(int step) {
        for (String rule : List.of(TEST, TRAIN, ACCURACY)) {
            Path run = folder.resolve("run-" + rule.hashCode());
            stopAfter(step, job(rule).runDirectory(run).stages(2));
            TrainingResult resumed = train(job(rule).resume(run).stages(3));
            TrainingResult whole = train(job(rule));
            assertThat(resumed.stateSha256()).isEqualTo(whole.stateSha256());
            assertThat(resumed.test()).isEqualTo(whole.test());
        }
    }

    /** A longer run goes on from the end of a shorter one: no rate knows how long it will be. */
    @Test
    void aFinishedRunGoesOnForMoreEpochs() {
        Path run = folder.resolve("run");
        train(job(TEST).epochs(3).runDirectory(run).checkpointEveryEpochs(2));
        assertThat(train(job(TEST).resume(run)).stateSha256())
                .isEqualTo(oracle(job(TEST).build()));
    }

    @Test
    void theStateIsInTheManifest() throws Exception {
        Path run = folder.resolve("run");
        train(job(TRAIN).epochs(2).runDirectory(run));
        Path manifest = run.resolve("checkpoints/step-000000008/manifest.json");
        assertThat(Files.readString(manifest))
                .contains("\"format\" : 3,")
                .containsPattern("\"progress\" : \"0 2 [0-9.]+ 0 0 1\"");
        Path plain = folder.resolve("plain");
        train(SmallJobs.tiny().runDirectory(plain));
        assertThat(Files.readString(plain.resolve("checkpoints/step-000000008/manifest.json")))
                .contains("\"format\" : 2,")
                .doesNotContain("progress");
    }

    @Test
    void whatNobodyMeasuresIsRefused() {
        assertThatThrownBy(() -> job("ReduceLROnPlateau(metric=acuracy)").build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("learning-rate-schedule: ReduceLROnPlateau(metric=acuracy): metric: expected one of"
                        + " [loss, accuracy], found 'acuracy'; did you mean 'accuracy'?");
        assertThatThrownBy(() -> SmallJobs.tinyWithoutData()
                        .learningRateSchedule(new ReduceLROnPlateau())
                        .stepByStep()
                        .build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("learning-rate-schedule: ReduceLROnPlateau(): expected one that goes by steps, as a session"
                        + " has no data epochs");
        TrainingJob tiny = SmallJobs.tiny().build();
        JobBuilder untested =
                SmallJobs.tinyWithoutData().data(tiny.train()).learningRateSchedule(new ReduceLROnPlateau());
        assertThatThrownBy(untested::build)
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("learning-rate-schedule: ReduceLROnPlateau(): expected data=train, as the job has no test"
                        + " data, found data=test");
    }

    /** Metrics that need every value are looked at where they are watched, and kept out of what goes on within an epoch. */
    @Test
    void aMetricOfAllValuesIsWatchedOnTestsAlone() {
        JobBuilder tests = job("ReduceLROnPlateau(factor=0.5, metric=macro_auc, mode=max, patience=0, threshold=0.9)");
        Path run = folder.resolve("run");
        String rule = TRAIN;
        JobBuilder both = job(rule).metrics(List.of("accuracy", "macro_auc"));
        stopAfter(4, job(rule).metrics(List.of("accuracy", "macro_auc")).runDirectory(run));
        assertThat(train(job(rule).metrics(List.of("accuracy", "macro_auc")).resume(run))
                        .stateSha256())
                .isEqualTo(train(both).stateSha256());
        assertThat(train(tests.metrics(List.of("macro_auc"))).stateSha256()).isEqualTo(oracle(tests.build()));
        assertThatThrownBy(() -> job("ReduceLROnPlateau(data=train, metric=macro_auc)")
                        .metrics(List.of("macro_auc"))
                        .build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage(
                        "learning-rate-schedule: ReduceLROnPlateau(data=train, metric=macro_auc): expected data=test for a"
                                + " metric of all values together, which no checkpoint within an epoch has, found data=train");
    }

    /** Without test data an epoch is over with its last step. */
    @Test
    void trainingAloneCanBeWatched() {
        TrainingJob with = job(TRAIN).build();
        TrainingJob without = SmallJobs.tinyWithoutData()
                .data(with.train())
                .epochs(5)
                .learningRateSchedule(LearningRateSchedules.parse(TRAIN))
                .stages(2)
                .build();
        assertThat(Ketju.fit(without).stateSha256()).isEqualTo(oracle(with));
    }
}
