package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.JobHash;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.TensorValues;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.run.Training;
import io.ketju.actors.run.TrainingSession;
import io.ketju.data.BatchTensors;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.EMA;
import io.ketju.layers.optimizer.SWA;
import io.ketju.layers.optimizer.WeightAverage;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.stage.InProcessRunner;
import io.ketju.tensor.core.TensorCore;
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

/** Runs that keep an average of their weights, as actors. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class AveragedRunTest {
    /** Of {@link SmallJobs#tiny}, which has 6 layers. */
    private static final List<Integer> FOUR = List.of(0, 1, 3, 5, 6);

    @TempDir
    private Path folder;

    /** Two epochs of four steps. */
    private static JobBuilder job(WeightAverage average) {
        return SmallJobs.tiny().optimizer(new Adam(0.01)).average(average);
    }

    private static JobBuilder job() {
        return job(new EMA(0.8));
    }

    private static TrainingResult train(JobBuilder job) {
        return Ketju.fit(job.build());
    }

    /** Returns whether the run was complete before the wish came. */
    private static boolean stopAfter(int step, JobBuilder job) {
        TrainingListener stopping = TrainingListener.controlling((event, control) -> {
            if (event instanceof TrainingEvent.StepFinished done && done.step() == step) {
                control.stop("enough");
            }
        });
        try (Training training = Ketju.start(job.build(), stopping)) {
            return training.await().completed();
        }
    }

    @Test
    void everyCutAndPlacementKeepsTheSameBits() {
        for (WeightAverage average : List.of(new EMA(0.8), new SWA(0), new SWA(0, 1, 3, false))) {
            TrainingResult whole = train(job(average));
            assertThat(train(job(average).stages(2)).stateSha256()).isEqualTo(whole.stateSha256());
            assertThat(train(job(average).stageBounds(FOUR)).test()).isEqualTo(whole.test());
            assertThat(train(job(average)
                                    .stageBounds(FOUR)
                                    .schedule(new GPipe())
                                    .placement(Placement.looped(2, 2)))
                            .stateSha256())
                    .isEqualTo(whole.stateSha256());
        }
    }

    /** What a run measures, its model, and its weights on disk are those of the average; what it learns is as without. */
    @Test
    void whatComesOutIsTheAverage() {
        Path run = folder.resolve("run");
        TrainingResult plain = train(SmallJobs.tiny().optimizer(new Adam(0.01)));
        TrainingJob job = job().runDirectory(run).stages(3).build();
        try (Training training = Ketju.start(job)) {
            TrainingResult result = training.await();
            assertThat(result.train()).isEqualTo(plain.train());
            assertThat(result.test()).isNotEqualTo(plain.test());
            TrainedModel model = training.model();
            assertThat(model.evaluate(job.data().test()).metrics()).isEqualTo(result.test());
            try (TrainedModel loaded = Ketju.load(job().build(), run);
                    TrainedModel file = Ketju.model(job().build(), run.resolve("model.safetensors"))) {
                assertThat(loaded.weightsSha256()).isEqualTo(model.weightsSha256());
                assertThat(file.weightsSha256()).isEqualTo(model.weightsSha256());
            }
        }
    }

    /** The last of several weights alone is no mean yet: with one epoch, the mean of one end is that end. */
    @Test
    void theMeanOfOneIsThatOne() {
        TrainingResult plain = train(SmallJobs.tiny().optimizer(new Adam(0.01)));
        assertThat(train(job(new SWA(1))).test()).isEqualTo(plain.test());
        assertThat(train(job(new SWA(0))).test()).isNotEqualTo(plain.test());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 6})
    void aStoppedRunGoesOnToTheSameBits(int step) {
        for (WeightAverage average : List.of(new EMA(0.8), new SWA(1))) {
            Path run = folder.resolve("run-" + average.spec().name());
            UnaryOperator<JobBuilder> longer = job -> job.epochs(10);
            assertThat(stopAfter(step, longer.apply(job(average)).runDirectory(run).stages(2)))
                    .isFalse();
            TrainingResult resumed = train(longer.apply(job(average)).resume(run).stages(3));
            TrainingResult whole = train(longer.apply(job(average)));
            assertThat(resumed.stateSha256()).isEqualTo(whole.stateSha256());
            assertThat(resumed.test()).isEqualTo(whole.test());
        }
    }

    @Test
    void aSessionStepsToTheBitsOfTheJob() {
        TrainingResult expected = train(job());
        TrainingJob tiny = SmallJobs.tiny().build();
        try (TrainingSession session = Ketju.session(SmallJobs.tinyWithoutData()
                .optimizer(new Adam(0.01))
                .average(new EMA(0.8))
                .stages(3)
                .stepByStep()
                .build())) {
            List<Map<String, TensorValues>> batches = HandedOver.batches(tiny.train(), tiny.totalSteps());
            for (Map<String, TensorValues> batch : batches) {
                session.step(batch);
                session.evaluate(batch);
            }
            assertThat(session.stateSha256()).isEqualTo(expected.stateSha256());
            Map<String, TensorValues> batch = batches.getFirst();
            Map<String, TensorValues> inputs = Map.of("input", batch.get("input"));
            float[] predicted = session.predict(inputs).firstEntry().getValue().floats();
            try (TrainedModel model = session.model()) {
                assertThat(model.outputs(inputs).firstEntry().getValue().floats())
                        .containsExactly(predicted);
            }
        }
    }

    /** Both halves are averaged when the step is over, each once. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aGanAveragesAtTheEndOfItsSteps(int stages) {
        TrainingJob job =
                SmallGan.job(2).average(new SWA(0, 1, 1, false)).stages(stages).build();
        try (TensorCore core = TensorCore.open(1);
                InProcessRunner runner = new InProcessRunner(job.pipeline().onOneStage(), core);
                BatchTensors tensors = new BatchTensors(job.train())) {
            for (long step = 1; step <= job.totalSteps(); step++) {
                for (int objective = 0; objective < 2; objective++) {
                    runner.train(objective, step, tensors.read(job.train().plan(step - 1)));
                }
            }
            assertThat(Ketju.fit(job).stateSha256()).isEqualTo(runner.stateHash());
        }
    }

    /** A run that goes on from another begins its average anew, whether that one had one or not. */
    @Test
    void anotherRunBeginsItsAverageAnew() {
        Path plain = folder.resolve("plain");
        Path averaged = folder.resolve("averaged");
        Ketju.fit(SmallJobs.tiny().optimizer(new Adam(0.01)).runDirectory(plain).build());
        train(job().runDirectory(averaged));
        String anew = train(job().initialState(Ketju.state(plain))).stateSha256();
        assertThat(train(job().initialState(Ketju.state(averaged))).stateSha256())
                .isEqualTo(anew);
        Path started = folder.resolve("started");
        stopAfter(
                1,
                job().initialState(Ketju.state(averaged)).runDirectory(started).stages(2));
        assertThat(train(job().initialState(Ketju.state(averaged)).resume(started))
                        .stateSha256())
                .isEqualTo(anew);
        try (TrainedModel model = Ketju.load(job().build(), averaged)) {
            assertThat(train(job().initialWeights(averaged.resolve("model.safetensors")))
                            .steps())
                    .isEqualTo(8);
            assertThat(model.parameterNames()).noneMatch(name -> name.startsWith("average/"));
        }
    }

    @Test
    void theAverageBelongsToTheNumbers() {
        List<String> hashes = List.of(
                JobHash.numbers(SmallJobs.tiny().build()),
                JobHash.numbers(SmallJobs.tiny().average(new EMA(0.9)).build()),
                JobHash.numbers(SmallJobs.tiny().average(new EMA(0.99)).build()),
                JobHash.numbers(SmallJobs.tiny().average(new SWA(0)).build()));
        assertThat(hashes).doesNotHaveDuplicates();
        Path run = folder.resolve("run");
        train(job().runDirectory(run));
        assertThatThrownBy(() -> Ketju.start(job(new EMA(0.7)).resume(run).build()))
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("is a checkpoint of another job");
    }

    @Test
    void epochsThatASessionHasNotAreRefused() {
        JobBuilder session = SmallJobs.tinyWithoutData().average(new SWA(0)).stepByStep();
        assertThatThrownBy(session::build)
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("average: expected one that counts steps, as a session has no data epochs, such as"
                        + " SWA(every_steps=100), found SWA()");
        SmallJobs.tinyWithoutData()
                .average(new SWA(0, 1, 5, false))
                .stepByStep()
                .build();
    }
}
