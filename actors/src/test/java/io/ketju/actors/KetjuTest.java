package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingFailedException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.run.Training;
import io.ketju.data.Batch;
import io.ketju.data.BatchOrder;
import io.ketju.data.Batches;
import io.ketju.data.Dataset;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.stage.InProcessRunner;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorArena;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs inside this JVM, as an embedding program sees them. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class KetjuTest {
    /** Steps of {@link SmallJobs#tiny}: 2 epochs of 4 mini-batches. */
    private static final int STEPS = 8;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void anyNumberOfStagesEndsWithTheSameBits(int stages) {
        TrainingJob job = SmallJobs.tiny().stages(stages).threads(2).build();
        try (Training training = Ketju.start(job)) {
            TrainingResult result = training.await();
            assertThat(result.stateSha256()).isEqualTo(oracle(job));
            assertThat(result.completed()).isTrue();
            assertThat(result.steps()).isEqualTo(STEPS);
        }
        assertThat(ketjuThreads()).isEmpty();
    }

    @Test
    void theScheduleDoesNotChangeTheBits() {
        TrainingJob job = SmallJobs.tiny().stages(3).schedule(new GPipe()).build();
        assertThat(Ketju.fit(job).stateSha256()).isEqualTo(oracle(job));
    }

    @Test
    void theExampleOfTheDoorwayTrains() {
        List<TrainingEvent> events = Collections.synchronizedList(new ArrayList<>());
        TrainingJob job = Ketju.job()
                .model("mlp(64, 32, 10)")
                .data(DataSource.named("digits"))
                .stages(2)
                .microbatches(8)
                .batchSize(64)
                .epochs(2)
                .build();
        Dataset test = job.data().test();
        try (Training training = Ketju.start(job, events::add)) {
            TrainingResult result = training.await();
            assertThat(result.test().get("accuracy").orElseThrow()).isGreaterThan(0.5);
            assertThat(training.await()).isSameAs(result);
            TrainedModel model = training.model();
            assertThat(model.evaluate(test).metrics()).isEqualTo(result.test());
            float[] probabilities = model.predict(new float[64]);
            double sum = 0;
            for (float probability : probabilities) {
                sum += probability;
            }
            assertThat(probabilities).hasSize(10);
            assertThat(sum).isCloseTo(1, within(1e-5));
        }
        assertThat(events.getFirst()).isInstanceOf(TrainingEvent.Started.class);
        assertThat(events.getLast()).isInstanceOf(TrainingEvent.CheckpointCommitted.class);
        List<Long> steps = new ArrayList<>();
        for (TrainingEvent event : events) {
            if (event instanceof TrainingEvent.StepFinished step) {
                steps.add(step.step());
            }
        }
        assertThat(steps).hasSize((int) job.totalSteps()).isSorted().doesNotHaveDuplicates();
        assertThat(events.stream().filter(TrainingEvent.EpochFinished.class::isInstance))
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5})
    void aStoppedRunGoesOnToTheSameBits(int stopAfter) {
        Path run = folder.resolve("run");
        // Listeners run beside the training, and what is granted is done: the stop comes some steps later.
        int epochs = 8;
        TrainingJob job =
                SmallJobs.tiny().epochs(epochs).stages(2).runDirectory(run).build();
        TrainingResult stopped = stopAfter(job, stopAfter);
        assertThat(stopped.completed()).isFalse();
        assertThat(stopped.stopReason()).contains("enough");
        assertThat(stopped.steps()).isBetween((long) stopAfter, job.totalSteps());
        TrainingJob rest = SmallJobs.tiny().epochs(epochs).stages(4).resume(run).build();
        TrainingResult result = Ketju.fit(rest);
        assertThat(result.completed()).isTrue();
        assertThat(result.steps()).isEqualTo(job.totalSteps());
        assertThat(result.stateSha256()).isEqualTo(oracle(job));
        assertThat(run.resolve("model.safetensors")).exists();
    }

    @Test
    void aCompleteRunThatIsResumedOnlyEvaluates() throws IOException {
        Path run = folder.resolve("run");
        TrainingResult first = Ketju.fit(SmallJobs.tiny().runDirectory(run).build());
        Files.delete(run.resolve("model.safetensors"));
        String started = Files.readString(run.resolve("incarnation"));
        List<TrainingEvent> events = new ArrayList<>();
        try (Training training =
                Ketju.start(SmallJobs.tiny().stages(2).resume(run).build(), events::add)) {
            TrainingResult again = training.await();
            assertThat(again.stateSha256()).isEqualTo(first.stateSha256());
            assertThat(again.test()).isEqualTo(first.test());
            assertThat(again.completed()).isTrue();
            assertThat(again.steps()).isEqualTo(STEPS);
            assertThat(again.trainLoss()).isEmpty();
            assertThat(training.await()).isSameAs(again);
            assertThat(training.model().weightsSha256()).isEqualTo(first.stateSha256());
        }
        assertThat(events).isEmpty();
        assertThat(run.resolve("incarnation")).hasContent(started);
        assertThat(run.resolve("model.safetensors")).isNotEmptyFile();
    }

    @Test
    void aStopRightAfterTheStartGivesAResult() {
        Path run = folder.resolve("run");
        try (Training training =
                Ketju.start(SmallJobs.tiny().stages(3).runDirectory(run).build())) {
            training.stop("never mind");
            training.stop("twice");
            TrainingResult result = training.await();
            assertThat(result.completed()).isFalse();
            assertThat(result.stopReason()).contains("never mind");
            assertThat(result.steps()).isLessThan(STEPS);
        }
        TrainingJob rest = SmallJobs.tiny().resume(run).build();
        assertThat(Ketju.fit(rest).stateSha256()).isEqualTo(oracle(rest));
    }

    /** The control is there with the first event, whether or not the start has returned. */
    @ParameterizedTest
    @ValueSource(classes = {TrainingEvent.Started.class, TrainingEvent.StepFinished.class})
    void aListenerStopsItsRunInTheVeryFirstEvent(Class<? extends TrainingEvent> first) {
        TrainingJob job = SmallJobs.tiny().stages(2).epochs(100_000).build();
        TrainingResult result = stopOn(job, first, 1);
        assertThat(result.completed()).isFalse();
        assertThat(result.stopReason()).contains("enough");
    }

    @Test
    void aStopDuringTheLastCheckpointLosesNothing() {
        TrainingJob job = SmallJobs.tiny().stages(2).build();
        TrainingResult result = stopOn(job, TrainingEvent.CheckpointCommitted.class, 2);
        assertThat(result.completed()).isTrue();
        assertThat(result.stateSha256()).isEqualTo(oracle(job));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 30})
    void aListenerThatThrowsFailsTheRun(int event) {
        List<TrainingEvent> heard = new ArrayList<>();
        TrainingListener listener = each -> {
            heard.add(each);
            if (heard.size() == event || each instanceof TrainingEvent.CheckpointCommitted) {
                throw new AssertionError("no more");
            }
        };
        TrainingJob job = SmallJobs.tiny().stages(2).checkpointEveryEpochs(2).build();
        assertThatThrownBy(() -> Ketju.fit(job, listener))
                .isInstanceOf(TrainingFailedException.class)
                .hasMessageContaining("a listener failed on")
                .hasMessageContaining("no more");
        assertThat(ketjuThreads()).isEmpty();
    }

    @Test
    void aRunClosedBeforeItsEndLeavesNothing() {
        List<TrainingEvent> events = Collections.synchronizedList(new ArrayList<>());
        Training training =
                Ketju.start(SmallJobs.tiny().stages(4).epochs(100_000).build(), events::add);
        training.close();
        training.close();
        assertThat(ketjuThreads()).isEmpty();
        assertThatThrownBy(training::await)
                .isInstanceOf(TrainingFailedException.class)
                .hasMessage("the run was closed before its end");
        assertThatThrownBy(training::model).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aListenerCannotWaitForItsOwnRun() {
        Training[] training = new Training[1];
        List<Throwable> refused = Collections.synchronizedList(new ArrayList<>());
        TrainingJob job = SmallJobs.tiny().build();
        TrainingListener listener = event -> {
            synchronized (training) {
                try {
                    training[0].close();
                } catch (IllegalStateException e) {
                    refused.add(e);
                }
            }
        };
        synchronized (training) {
            training[0] = Ketju.start(job, listener);
        }
        try (Training own = training[0]) {
            assertThat(own.await().completed()).isTrue();
        }
        assertThat(refused).isNotEmpty().allSatisfy(e -> assertThat(e).hasMessageContaining("stop()"));
    }

    @Test
    void aCheckpointThatCannotBeWrittenIsOneLine() {
        Path run = folder.resolve("run");
        TrainingListener blocks = event -> {
            if (event instanceof TrainingEvent.Started) {
                try {
                    Files.writeString(run.resolve("checkpoints"), "in the way");
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        TrainingJob job = SmallJobs.tiny().stages(2).runDirectory(run).build();
        assertThatThrownBy(() -> Ketju.fit(job, blocks))
                .isInstanceOf(TrainingFailedException.class)
                .hasMessageMatching("stage [01], step 4: checkpoint failed: cannot write in .*step-000000004: .*");
    }

    @Test
    void twoRunsAtOnceDoNotMeet() {
        TrainingJob one = SmallJobs.tiny().stages(2).seed(1).build();
        TrainingJob two = SmallJobs.tiny().stages(3).seed(2).build();
        try (Training first = Ketju.start(one);
                Training second = Ketju.start(two)) {
            assertThat(second.await().stateSha256()).isEqualTo(oracle(two));
            assertThat(first.await().stateSha256()).isEqualTo(oracle(one));
        }
    }

    @Test
    void temporaryFoldersGoAway() throws IOException {
        long before = temporaryRuns();
        Ketju.fit(SmallJobs.tiny().build());
        assertThat(temporaryRuns()).isLessThanOrEqualTo(before);
    }

    @Test
    void aSavedRunIsLoadedForPrediction() {
        Path run = folder.resolve("run");
        TrainingJob job = SmallJobs.tiny().stages(3).runDirectory(run).build();
        TrainingResult result = Ketju.fit(job);
        try (TrainedModel model = Ketju.load(job, run)) {
            assertThat(Ketju.state(run).sha256()).isEqualTo(result.stateSha256());
            try (TrainedModel fromFile = Ketju.model(job, run.resolve("model.safetensors"))) {
                assertThat(model.weightsSha256())
                        .isEqualTo(fromFile.weightsSha256())
                        .isEqualTo(result.stateSha256());
            }
            assertThat(model.evaluate(job.data().test()).loss())
                    .isEqualTo(result.testLoss().orElseThrow());
            assertThat(model.parameter("1.weight")).hasSize(32);
            assertThatThrownBy(() -> model.parameter("9.weight")).hasMessageContaining("no parameter '9.weight'");
        }
    }

    /** The same batches through one stage on one thread, without any actor. */
    private static String oracle(TrainingJob job) {
        PipelineSpec whole = job.pipeline().onOneStage();
        Dataset samples = job.data().train();
        Batches batches = new Batches(samples.size(), job.batchSize(), BatchOrder.shuffled(job.seed()));
        try (TensorCore core = TensorCore.open(1);
                TensorArena arena = new TensorArena(1 << 20);
                InProcessRunner runner = new InProcessRunner(whole, core)) {
            for (int step = 1; step <= job.totalSteps(); step++) {
                arena.reset();
                Batch batch = batches.batch(step - 1);
                Tensor inputs = arena.allocate(samples.inputShape().batched(batch.size()));
                Tensor targets = arena.allocate(
                        samples.targetType(), samples.targetShape().batched(batch.size()));
                batch.copyInputs(samples, 0, inputs);
                batch.copyTargets(samples, 0, targets);
                runner.train(step, inputs, targets);
            }
            return runner.stateHash();
        }
    }

    private static TrainingResult stopAfter(TrainingJob job, int step) {
        return Ketju.fit(job, TrainingListener.controlling((event, run) -> {
            if (event instanceof TrainingEvent.StepFinished done && done.step() == step) {
                run.stop("enough");
            }
        }));
    }

    private static TrainingResult stopOn(TrainingJob job, Class<? extends TrainingEvent> type, int count) {
        List<TrainingEvent> seen = new ArrayList<>();
        return Ketju.fit(job, TrainingListener.controlling((event, run) -> {
            if (type.isInstance(event)) {
                seen.add(event);
            }
            if (seen.size() == count) {
                run.stop("enough");
            }
        }));
    }

    private static List<String> ketjuThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.contains("ketju"))
                .toList();
    }

    private static long temporaryRuns() throws IOException {
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> String.valueOf(file.getFileName())
                            .startsWith("ketju-run-" + ProcessHandle.current().pid() + "-"))
                    .count();
        }
    }
}
