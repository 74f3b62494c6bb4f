package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.checkpoint.Checkpoint;
import io.ketju.actors.checkpoint.CheckpointHash;
import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.checkpoint.RunState;
import io.ketju.actors.job.BestEpoch;
import io.ketju.actors.job.BestEpochRule;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.JobHash;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.run.Training;
import io.ketju.data.BatchTensors;
import io.ketju.layers.optimizer.ReduceLROnPlateau;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.stage.InProcessRunner;
import io.ketju.pipeline.stage.WindowMetrics;
import io.ketju.tensor.core.TensorCore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that end when no epoch is better, and keep the best one. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class EarlyStoppingTest {
    private static final int EPOCHS = 12;

    /** Training makes the test loss worse after some epochs, as the test samples have other classes. */
    private static final String LOSS = "EarlyStopping(loss, patience=2, restore_best_weights=true)";

    private static final String TRAIN = "EarlyStopping(accuracy, patience=3, data=train)";

    @TempDir
    private Path folder;

    private static JobBuilder job(String rule) {
        return plain().bestEpoch(BestEpochRule.parseEarlyStopping(rule));
    }

    private static JobBuilder plain() {
        return SmallJobs.tiny().optimizer(new SGD(0.5)).epochs(EPOCHS).stages(2);
    }

    private static TrainingResult train(JobBuilder job) {
        return Ketju.fit(job.build());
    }

    /** What the plain loop comes to: where it ends, and the hashes of its last and its best state. */
    private record Expected(long steps, BestEpoch best, String state, String bestState) {}

    private static Expected oracle(TrainingJob job) {
        BestEpochRule rule = job.bestEpoch().orElseThrow();
        boolean more = rule.moreIsBetter(job.model().heads());
        BestEpoch best = BestEpoch.NONE;
        String bestState = "";
        try (TensorCore core = TensorCore.open(1);
                InProcessRunner runner = new InProcessRunner(job.pipeline().onOneStage(), core);
                BatchTensors tensors = new BatchTensors(job.train());
                BatchTensors tests = new BatchTensors(job.test().orElseThrow())) {
            WindowMetrics trained = WindowMetrics.NONE;
            long step = 0;
            while (step < job.totalSteps() && !rule.ends(best)) {
                step++;
                trained =
                        trained.plus(runner.train(step, tensors.read(job.train().plan(step - 1))));
                if (step % job.stepsPerEpoch() == 0) {
                    WindowMetrics tested = WindowMetrics.NONE;
                    for (int batch = 0; batch < job.test().orElseThrow().stepsPerEpoch(); batch++) {
                        tested = tested.plus(runner.evaluate(
                                step, tests.read(job.test().orElseThrow().plan(batch))));
                    }
                    WindowMetrics over = rule.data() == ReduceLROnPlateau.Watched.TRAIN ? trained : tested;
                    best = rule.after(
                            best, over.value(rule.metric(), job.model().heads()), more, step);
                    bestState = best.step() == step ? runner.stateHash() : bestState;
                    trained = WindowMetrics.NONE;
                }
            }
            return new Expected(step, best, runner.stateHash(), bestState);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {LOSS, TRAIN})
    void aRunEndsWhereThePlainLoopDoes(String rule) {
        Path run = folder.resolve("run");
        JobBuilder builder = job(rule).runDirectory(run).checkpointEveryEpochs(5);
        TrainingJob job = builder.build();
        Expected expected = oracle(job);
        assertThat(expected.steps()).isBetween((long) job.stepsPerEpoch(), job.totalSteps() - 1);
        assertThat(expected.best().step()).isLessThan(expected.steps());

        TrainingResult result = Ketju.fit(job);
        assertThat(result.steps()).isEqualTo(expected.steps());
        assertThat(result.completed()).isTrue();
        assertThat(result.stopReason()).isEmpty();
        assertThat(result.stateSha256()).isEqualTo(expected.state());
        assertThat(result.best()).contains(expected.best());
        Checkpoint best = RunDirectory.open(run).best();
        assertThat(best.step()).isEqualTo(expected.best().step());
        assertThat(CheckpointHash.of(best)).isEqualTo(expected.bestState());
        assertThat(train(job(rule).stages(3)).stateSha256()).isEqualTo(expected.state());
    }

    /** Within an epoch, at its end before its evaluation, after the best epoch. */
    @ParameterizedTest
    @CsvSource({"2", "4", "7", "8", "13"})
    void aStoppedRunGoesOnToTheSameEnd(int step) {
        for (String rule : List.of(LOSS, TRAIN)) {
            Path run = folder.resolve("run-" + rule.hashCode());
            TrainingListener stopping = TrainingListener.controlling((event, control) -> {
                if (event instanceof TrainingEvent.StepFinished done && done.step() == step) {
                    control.stop("enough");
                }
            });
            try (Training training = Ketju.start(job(rule).runDirectory(run).build(), stopping)) {
                training.await();
            }
            TrainingResult resumed = train(job(rule).resume(run).stages(3));
            Expected expected = oracle(job(rule).build());
            assertThat(resumed.stateSha256()).isEqualTo(expected.state());
            assertThat(resumed.best()).contains(expected.best());
            assertThat(CheckpointHash.of(RunDirectory.open(run).best())).isEqualTo(expected.bestState());
        }
    }

    /** What the last evaluation says is kept too, where it came after the checkpoint of its step. */
    @Test
    void aRunStoppedBeforeItsLastEvaluationKeepsWhatThatSays() {
        Path run = folder.resolve("run");
        JobBuilder first =
                SmallJobs.tiny().bestEpoch(BestEpochRule.bestCheckpoint("loss").restoringBestWeights());
        TrainingListener stopping = TrainingListener.controlling((event, control) -> {
            if (event instanceof TrainingEvent.StepFinished done && done.step() == 8) {
                control.stop("enough");
            }
        });
        try (Training training = Ketju.start(first.runDirectory(run).build(), stopping)) {
            training.await();
        }
        JobBuilder again =
                SmallJobs.tiny().bestEpoch(BestEpochRule.bestCheckpoint("loss").restoringBestWeights());
        BestEpoch best = train(again.resume(run)).best().orElseThrow();
        assertThat(best.epochs()).isEqualTo(2);
        assertThat(RunDirectory.open(run).bestEpoch()).contains(best);
    }

    /** A run that has ended early has nothing left to do, with more epochs neither. */
    @Test
    void anEndedRunStaysAsItIs() {
        Path run = folder.resolve("run");
        TrainingResult whole = train(job(LOSS).runDirectory(run));
        for (int epochs : new int[] {EPOCHS, EPOCHS + 5}) {
            List<TrainingEvent> heard = new ArrayList<>();
            TrainingResult again =
                    Ketju.fit(job(LOSS).epochs(epochs).resume(run).build(), heard::add);
            assertThat(heard).isEmpty();
            assertThat(again.stateSha256()).isEqualTo(whole.stateSha256());
            assertThat(again.best()).isEqualTo(whole.best());
        }
    }

    /** What a run gives is its best weights if it says so, and they are beside the last ones if not. */
    @Test
    void theBestWeightsAreGivenOrKept() throws IOException {
        Path restored = folder.resolve("restored");
        Path kept = folder.resolve("kept");
        train(job(LOSS).runDirectory(restored));
        String keeping = LOSS.replace(", restore_best_weights=true", "");
        try (Training training = Ketju.start(job(LOSS).build())) {
            training.await();
            assertThat(weights(training.model()))
                    .isEqualTo(weights(Ketju.load(job(LOSS).build(), restored)));
        }
        train(job(keeping).runDirectory(kept));
        assertThat(Files.readAllBytes(restored.resolve("model.safetensors")))
                .isEqualTo(Files.readAllBytes(kept.resolve("best.safetensors")))
                .isNotEqualTo(Files.readAllBytes(kept.resolve("model.safetensors")));
        assertThat(restored.resolve("best.safetensors")).doesNotExist();
        TrainingJob job = job(keeping).build();
        assertThat(weights(Ketju.loadBest(job, kept)))
                .isEqualTo(weights(Ketju.load(job(LOSS).build(), restored)));
        assertThat(weights(Ketju.load(job, kept))).isNotEqualTo(weights(Ketju.loadBest(job, kept)));
    }

    private byte[] weights(TrainedModel model) throws IOException {
        Path file = folder.resolve("weights.safetensors");
        try (model) {
            model.save(file);
            return Files.readAllBytes(file);
        }
    }

    /** Two newest and the best, however old it is; another run may start from it. */
    @Test
    void theBestCheckpointIsKeptBesideTheNewest() throws IOException {
        Path run = folder.resolve("run");
        TrainingResult result = train(
                plain().bestEpoch(BestEpochRule.bestCheckpoint("accuracy")).runDirectory(run));
        assertThat(result.steps()).isEqualTo(EPOCHS * 4L);
        long best = result.best().orElseThrow().step();
        assertThat(best).isLessThan((EPOCHS - 2) * 4L);
        try (Stream<Path> folders = Files.list(run.resolve("checkpoints"))) {
            assertThat(folders.map(Path::getFileName).map(Path::toString))
                    .containsExactlyInAnyOrder(
                            "step-%09d".formatted(best),
                            "step-%09d".formatted((EPOCHS - 1) * 4),
                            "step-%09d".formatted(EPOCHS * 4));
        }
        Path checkpoint = run.resolve("checkpoints").resolve("step-%09d".formatted(best));
        assertThat(RunState.at(checkpoint).optimizerSteps()).isEqualTo(best);
        assertThat(RunState.at(checkpoint).sha256())
                .isEqualTo(CheckpointHash.of(RunDirectory.open(run).best()));
        assertThat(RunState.at(run).optimizerSteps()).isEqualTo(EPOCHS * 4L);
        // Keeping it changes no number.
        assertThat(result.stateSha256()).isEqualTo(train(plain()).stateSha256());
        assertThat(JobHash.numbers(
                        plain().bestEpoch(BestEpochRule.bestCheckpoint("loss")).build()))
                .isEqualTo(JobHash.numbers(plain().build()))
                .isNotEqualTo(JobHash.numbers(job(LOSS).build()));
    }

    @Test
    void aDamagedBestCheckpointIsNamed() throws IOException {
        Path run = folder.resolve("run");
        long best = train(
                        plain().bestEpoch(BestEpochRule.bestCheckpoint("loss")).runDirectory(run))
                .best()
                .orElseThrow()
                .step();
        Path manifest = run.resolve("checkpoints/step-%09d/manifest.json".formatted(best));
        Files.delete(manifest);
        assertThatThrownBy(() -> RunDirectory.open(run).best())
                .isInstanceOf(InvalidJobException.class)
                .hasMessageStartingWith("the best checkpoint, of epoch " + best / 4 + ", cannot be used: " + manifest);
        Path none = folder.resolve("none");
        train(SmallJobs.tiny().runDirectory(none));
        assertThatThrownBy(() -> RunDirectory.open(none).best())
                .isInstanceOf(InvalidJobException.class)
                .hasMessageStartingWith(none + ": no best checkpoint; a job keeps one that says best-checkpoint");
    }

    @Test
    void whatNobodyMeasuresIsRefused() {
        assertThatThrownBy(() -> job("EarlyStopping(acuracy)").build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("early-stopping: EarlyStopping(metric=acuracy): metric: expected one of [loss, accuracy],"
                        + " found 'acuracy'; did you mean 'accuracy'?");
        assertThatThrownBy(() ->
                        plain().bestEpoch(BestEpochRule.bestCheckpoint("mae")).build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("best-checkpoint: BestCheckpoint(metric=mae): metric: expected one of [loss, accuracy],"
                        + " found 'mae'");
        assertThatThrownBy(() -> SmallJobs.tinyWithoutData()
                        .bestEpoch(BestEpochRule.earlyStopping("loss", 2))
                        .stepByStep()
                        .build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("a session has no data epochs");
        assertThatThrownBy(() -> SmallJobs.tinyWithoutData()
                        .data(plain().build().train())
                        .bestEpoch(BestEpochRule.earlyStopping("loss", 2))
                        .build())
                .isInstanceOf(InvalidJobException.class)
                .hasMessageContaining("expected data=train, as the job has no test data");
        assertThatThrownBy(() -> BestEpochRule.parseEarlyStopping("EarlyStopping(patience=0)"))
                .hasMessage("EarlyStopping: argument 'patience': expected at least 1, found 0");
        assertThatThrownBy(() -> BestEpochRule.parseEarlyStopping("EarlyStoping()"))
                .hasMessage("unknown rule of early stopping 'EarlyStoping'; did you mean 'EarlyStopping'?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EarlyStopping()",
                "EarlyStopping(metric=accuracy, mode=max, patience=5)",
                "EarlyStopping(data=train, head=main, metric=loss, min_delta=0.01, restore_best_weights=true)"
            })
    void aRuleReadsBack(String text) {
        BestEpochRule rule = BestEpochRule.parseEarlyStopping(text);
        assertThat(BestEpochRule.parseEarlyStopping(rule.toString())).isEqualTo(rule);
        BestEpochRule keeping = new BestEpochRule(
                rule.metric(),
                rule.mode(),
                rule.data(),
                rule.minDelta(),
                java.util.OptionalInt.empty(),
                rule.restoresBestWeights());
        assertThat(BestEpochRule.parseBestCheckpoint(keeping.toString())).isEqualTo(keeping);
    }

    /** As Lightning counts: an improvement is more than min_delta; a value that is none improves nothing. */
    @Test
    void theRuleItself() {
        BestEpochRule rule = BestEpochRule.parseEarlyStopping("EarlyStopping(patience=2, min_delta=0.1)");
        BestEpoch state = BestEpoch.NONE;
        double[] losses = {Double.NaN, 1.0, 0.95, 0.5, Double.NaN, 0.45};
        String[] expected = {"0/1", "2/0", "2/1", "4/0", "4/1", "4/2"};
        for (int i = 0; i < losses.length; i++) {
            assertThat(rule.ends(state)).isFalse();
            state = rule.after(state, losses[i], false, (i + 1) * 10L);
            assertThat(state.epoch() + "/" + state.badEpochs()).isEqualTo(expected[i]);
        }
        assertThat(rule.ends(state)).isTrue();
        assertThat(state).isEqualTo(new BestEpoch(6, 40, 4, 0.5, 2, false));
        assertThat(BestEpoch.parse(state.text())).isEqualTo(state);
        assertThat(BestEpoch.in("0 6 0.5 1 0 0;" + state.text())).contains(state);
        assertThat(BestEpoch.in("")).isEmpty();
    }
}
