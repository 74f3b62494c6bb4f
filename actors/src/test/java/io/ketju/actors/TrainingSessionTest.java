package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.Measured;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingFailedException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.TensorValues;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.run.TrainingSession;
import io.ketju.data.BadDataException;
import io.ketju.layers.optimizer.CosineAnnealingLR;
import io.ketju.tensor.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingSessionTest {
    private static final int[] IGNORED = {-100, -100, -100, -100, -100, -100};

    private static JobBuilder tiny() {
        return SmallJobs.tinyWithoutData().stepByStep();
    }

    private static List<Map<String, TensorValues>> tinyBatches() {
        TrainingJob job = SmallJobs.tiny().build();
        return HandedOver.batches(job.train(), job.totalSteps());
    }

    private static TrainingSession open(JobBuilder job, TrainingListener... listeners) {
        return Ketju.session(job.build(), listeners);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void stepsOverTheSameMinibatchesGiveTheBitsOfTheJob(int stages) {
        List<Measured> told = new ArrayList<>();
        TrainingResult result = Ketju.fit(SmallJobs.tiny().stages(stages).build(), event -> {
            if (event instanceof TrainingEvent.StepFinished step) {
                told.add(step.metrics());
            }
        });
        List<Measured> returned = new ArrayList<>();
        try (TrainingSession session = open(tiny().stages(stages))) {
            tinyBatches().forEach(batch -> returned.add(session.step(batch)));
            assertThat(session.stateSha256()).isEqualTo(result.stateSha256());
            assertThat(session.steps()).isEqualTo(8);
        }
        assertThat(returned).isEqualTo(told);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void whateverIsDoneBetweenStepsChangesNothing(int stages) {
        String expected = Ketju.fit(SmallJobs.tiny().build()).stateSha256();
        List<Map<String, TensorValues>> batches = tinyBatches();
        try (TrainingSession session = open(tiny().stages(stages))) {
            Measured first = session.evaluate(batches.get(7));
            assertThat(session.evaluate(batches.get(7))).isEqualTo(first);
            String before = session.stateSha256();
            for (Map<String, TensorValues> batch : batches) {
                Measured evaluated = session.evaluate(batch);
                assertThat(session.step(batch)).isEqualTo(evaluated);
                assertThat(session.predict(batch)).isEqualTo(outputs(session, batch));
                session.checkpoint();
            }
            assertThat(session.evaluate(batches.get(7))).isNotEqualTo(first);
            assertThat(session.stateSha256()).isEqualTo(expected).isNotEqualTo(before);
        }
    }

    private static Map<String, TensorValues> outputs(TrainingSession session, Map<String, TensorValues> batch) {
        try (TrainedModel model = session.model()) {
            return model.outputs(Map.of("input", batch.get("input")));
        }
    }

    @Test
    void targetsAreNotNeededToPredict() {
        Map<String, TensorValues> batch = tinyBatches().getFirst();
        try (TrainingSession session = open(tiny().stages(3))) {
            Map<String, TensorValues> first = session.predict(Map.of("input", batch.get("input")));
            assertThat(first.values())
                    .hasSize(1)
                    .allMatch(values -> values.shape().equals(Shape.of(6, 3)));
            assertThat(session.predict(batch)).isEqualTo(first);
            assertThatThrownBy(() -> session.predict(Map.of()))
                    .isInstanceOf(BadDataException.class)
                    .hasMessage("batch: expected 'input', found []");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void theObjectivesOfAStepOrOneOfThem(int stages) {
        TrainingJob job = SmallGan.job(2).build();
        String expected = Ketju.fit(job).stateSha256();
        List<Map<String, TensorValues>> batches = HandedOver.batches(job.train(), job.totalSteps());
        JobBuilder byHand =
                SmallGan.model().batchSize(5).microbatches(2).stages(stages).stepByStep();
        try (TrainingSession session = open(byHand)) {
            Measured one = session.step(batches.getFirst());
            assertThat(one.values()).containsKeys("loss", "real/loss", "fake/loss", "generator/loss");
            batches.subList(1, 8).forEach(session::step);
            assertThat(session.stateSha256()).isEqualTo(expected);

            Map<String, TensorValues> noise = new LinkedHashMap<>(batches.getFirst());
            noise.keySet().retainAll(Set.of("noise", "ones"));
            Measured generator = session.step(SmallGan.GENERATOR, noise);
            assertThat(generator.values().keySet())
                    .containsExactly("loss", "generator/loss", "generator/binary_accuracy");
            assertThat(generator.loss())
                    .isEqualTo(generator.get("generator/loss").orElseThrow());
            assertThat(session.steps()).isEqualTo(9);
            assertThatThrownBy(() -> session.step(SmallGan.DISCRIMINATOR, noise))
                    .isInstanceOf(BadDataException.class)
                    .hasMessage("batch: expected 'real', found [noise, ones]");
            assertThatThrownBy(() -> session.step("third", noise))
                    .hasMessage("no objective 'third'; there are [discriminator, generator]");
        }
    }

    @Test
    void aWrongBatchIsRefusedInOneLineAndTheSessionGoesOn() {
        float[] six = new float[24];
        float[] nan = {0, 0, Float.NaN, 0};
        TensorValues targets = TensorValues.of(new int[6], 6);
        try (TrainingSession session = open(tiny().stages(3))) {
            List<Map<String, TensorValues>> batches = tinyBatches();
            session.step(batches.get(0));
            refused(session, Map.of("input", TensorValues.of(six, 6, 4)), "batch: expected 'target', found [input]");
            refused(
                    session,
                    Map.of("input", TensorValues.of(six, 6, 4), "targets", targets),
                    "batch: expected [input, target], found 'targets'");
            refused(
                    session,
                    Map.of("input", TensorValues.of(six, 6, 2, 2), "target", targets),
                    "batch: expected 'input' of float32[6, 4], found float32[6, 2, 2]");
            refused(
                    session,
                    Map.of("input", TensorValues.of(six, 6, 4), "target", TensorValues.of(new float[6], 6)),
                    "batch: expected 'target' of int32[6], found float32[6]");
            refused(
                    session,
                    Map.of("input", TensorValues.of(six, 6, 4), "target", TensorValues.of(new int[5], 5)),
                    "batch: expected 'target' of int32[6], found int32[5]");
            refused(
                    session,
                    Map.of("input", TensorValues.of(new float[28], 7, 4), "target", TensorValues.of(new int[7], 7)),
                    "batch: expected at most 6 samples, found 7");
            refused(
                    session,
                    Map.of("input", TensorValues.of(new float[0], 0, 4), "target", TensorValues.of(new int[0], 0)),
                    "batch: expected at least 1 sample, found 0");
            refused(
                    session,
                    Map.of("input", TensorValues.of(six, 6, 4), "target", TensorValues.of(IGNORED, 6)),
                    "batches of a session, batch 1: expected targets that weigh more than 0, found 0.0 in all;"
                            + " a mini-batch of which no target counts has no loss");
            refused(
                    session,
                    Map.of("input", TensorValues.of(nan, 1, 4), "target", TensorValues.of(new int[1], 1)),
                    "batch, 'input', value 2: expected a finite number, found NaN");
            batches.subList(1, 8).forEach(session::step);
            assertThat(session.stateSha256())
                    .isEqualTo(Ketju.fit(SmallJobs.tiny().build()).stateSha256());
        }
    }

    private static void refused(TrainingSession session, Map<String, TensorValues> batch, String line) {
        assertThatThrownBy(() -> session.step(batch))
                .isInstanceOf(BadDataException.class)
                .hasMessage(line);
        assertThatThrownBy(() -> session.evaluate(batch)).hasMessage(line);
    }

    @Test
    void jobsAndSessionsAreNotTakenForEachOther() {
        assertThatThrownBy(() -> open(SmallJobs.tiny()))
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("data: expected none, as a session gets its batches from its caller, found 'train';"
                        + " call stepByStep() in place of data(...)");
        for (JobBuilder both : List.of(
                SmallJobs.tiny().epochs(1).stepByStep(),
                tiny().data(SmallJobs.tiny().build().data()),
                tiny().data(SmallJobs.tiny().build().train()))) {
            assertThatThrownBy(both::build)
                    .isInstanceOf(InvalidJobException.class)
                    .hasMessageMatching(
                            "data: expected none beside stepByStep\\(\\), as a session gets its batches from its"
                                    + " caller, found '(custom|train)'; call only one of the two");
        }
        TrainingJob byHand = tiny().build();
        assertThatThrownBy(() -> Ketju.fit(byHand))
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("data: expected a data set or batches, found a job that is trained step by step: call"
                        + " session(...)");
        assertThatThrownBy(() -> tiny().epochs(3).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("epochs: expected none for a job that is trained step by step, found 3; say how many steps"
                        + " there are: stepByStep(STEPS)");
        assertThatThrownBy(() ->
                        tiny().learningRateSchedule(new CosineAnnealingLR()).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessageStartingWith("learning-rate-schedule: expected one that does not depend on the number of"
                        + " steps, found CosineAnnealingLR");
    }

    @Test
    void asManyStepsAsTheJobHas() {
        List<Map<String, TensorValues>> batches = tinyBatches();
        CosineAnnealingLR cosine = new CosineAnnealingLR();
        String expected =
                Ketju.fit(SmallJobs.tiny().learningRateSchedule(cosine).build()).stateSha256();
        try (TrainingSession session =
                open(SmallJobs.tinyWithoutData().learningRateSchedule(cosine).stepByStep(8))) {
            batches.forEach(session::step);
            assertThat(session.stateSha256()).isEqualTo(expected);
            assertThatThrownBy(() -> session.step(batches.getFirst()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the job has only 8 steps, and all of them are taken");
            assertThat(session.evaluate(batches.getFirst()).loss()).isPositive();
        }
    }

    @Test
    void aSessionInAFolderIsTakenUpAgain(@TempDir Path folder) throws Exception {
        Path run = folder.resolve("run");
        List<Map<String, TensorValues>> batches = tinyBatches();
        try (TrainingSession session = open(tiny().stages(3).runDirectory(run))) {
            batches.subList(0, 3).forEach(session::step);
            assertThat(session.checkpoint()).isEqualTo(3);
            session.step(batches.get(3));
        }
        assertThat(run.resolve("model.safetensors")).exists();
        try (TrainingSession session = open(tiny().resume(run))) {
            assertThat(session.steps()).isEqualTo(4);
            batches.subList(4, 8).forEach(session::step);
            assertThat(session.stateSha256())
                    .isEqualTo(Ketju.fit(SmallJobs.tiny().build()).stateSha256());
            Path weights = folder.resolve("weights.safetensors");
            session.save(weights);
            try (TrainedModel model = session.model();
                    TrainedModel read = Ketju.model(SmallJobs.tiny().build(), weights)) {
                assertThat(model.predict(new float[] {1, 2, 3, 4})).isEqualTo(read.predict(new float[] {1, 2, 3, 4}));
            }
        }
    }

    @Test
    void whatAListenerThrowsEndsTheCall() {
        IllegalStateException thrown = new IllegalStateException("no more");
        try (TrainingSession session = open(tiny().stages(3), event -> {
            if (event instanceof TrainingEvent.StepFinished step && step.step() == 2) {
                throw thrown;
            }
        })) {
            Map<String, TensorValues> batch = tinyBatches().getFirst();
            session.step(batch);
            assertThatThrownBy(() -> {
                        session.step(batch);
                        session.step(batch);
                    })
                    .isInstanceOf(TrainingFailedException.class)
                    .hasCause(thrown);
            assertThatThrownBy(() -> session.evaluate(batch))
                    .isInstanceOf(TrainingFailedException.class)
                    .hasCause(thrown);
        }
    }

    @Test
    void aStoppedSessionSaysSo() {
        try (TrainingSession session = open(tiny(), TrainingListener.controlling((event, control) -> {
            if (event instanceof TrainingEvent.StepFinished) {
                control.stop("good enough");
            }
        }))) {
            Map<String, TensorValues> batch = tinyBatches().getFirst();
            session.step(batch);
            assertThatThrownBy(() -> {
                        while (true) {
                            session.evaluate(batch);
                        }
                    })
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the session has ended: good enough");
        }
    }

    /** The first call goes on until the other one was refused, as a listener keeps the run from beginning. */
    @Test
    void aSecondCallAtTheSameTimeIsRefused() throws Exception {
        String line = "another call of this session goes on: one at a time";
        CountDownLatch goOn = new CountDownLatch(1);
        Map<String, TensorValues> batch = tinyBatches().getFirst();
        try (ExecutorService other = Executors.newSingleThreadExecutor();
                TrainingSession session = open(tiny(), event -> {
                    if (event instanceof TrainingEvent.Started) {
                        await(goOn);
                    }
                })) {
            Future<Measured> first = other.submit(() -> {
                try {
                    return session.step(batch);
                } finally {
                    goOn.countDown();
                }
            });
            Throwable refused = null;
            while (refused == null && goOn.getCount() > 0) {
                try {
                    session.evaluate(Map.of());
                } catch (BadDataException e) {
                    Thread.onSpinWait(); // the other thread has not begun
                } catch (IllegalStateException e) {
                    refused = e;
                }
            }
            goOn.countDown();
            // Whichever came second was refused.
            if (refused != null) {
                assertThat(refused).hasMessage(line);
                assertThat(first.get().loss()).isPositive();
            } else {
                assertThatThrownBy(first::get).hasRootCauseMessage(line);
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aClosedSessionLeavesNothing() throws Exception {
        Set<Thread> before = threads();
        Set<Path> folders = temporaryRuns();
        TrainingSession session = open(tiny().stages(3));
        session.step(tinyBatches().getFirst());
        session.close();
        session.close();
        assertThat(threads()).isSubsetOf(before);
        assertThat(temporaryRuns()).isSubsetOf(folders);
        assertThatThrownBy(() -> session.step(tinyBatches().getFirst()))
                .isInstanceOf(TrainingFailedException.class)
                .hasMessageContaining("closed");
        open(tiny().stages(3)).close();
        assertThat(threads()).isSubsetOf(before);
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("ketju"))
                .collect(Collectors.toSet());
    }

    private static Set<Path> temporaryRuns() throws Exception {
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName()
                            .toString()
                            .startsWith("ketju-run-" + ProcessHandle.current().pid() + "-"))
                    .collect(Collectors.toSet());
        }
    }
}
