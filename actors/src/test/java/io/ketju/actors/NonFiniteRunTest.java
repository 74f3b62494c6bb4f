package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingFailedException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.run.Training;
import io.ketju.data.ArrayDataset;
import io.ketju.data.BadDataException;
import io.ketju.layers.activation.Activations;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.SGD;
import io.ketju.layers.shape.Flatten;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.catalogue.Schedules;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However the actors run a job with NaN or infinity in it, it lives or ends alike, in the same words. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class NonFiniteRunTest {
    /** {@link SmallJobs#tiny} has 6 layers. */
    private static final List<List<Integer>> BOUNDS =
            List.of(List.of(0, 6), List.of(0, 2, 6), List.of(0, 1, 3, 5, 6), List.of(0, 1, 2, 3, 4, 5, 6));

    @TempDir
    Path folder;

    @Test
    void minusInfinityAcrossACutIsLegal() {
        List<String> outcomes = new ArrayList<>();
        for (List<Integer> bounds : BOUNDS) {
            outcomes.add(outcome(Ketju.job()
                    .model(
                            Shape.of(1, 8, 8),
                            Sequential.of(
                                    new Flatten(),
                                    new Linear(64, 32).withInitializer(Initializers.constant(1e20)),
                                    Activations.relu(),
                                    new Linear(32, 16).withInitializer(Initializers.constant(-1e20)),
                                    Activations.relu(),
                                    new Linear(16, 10)))
                    .data(DataSource.named("digits"))
                    .optimizer(new SGD(0.1))
                    .microbatches(4)
                    .batchSize(64)
                    .epochs(1)
                    .stageBounds(bounds)));
        }
        assertThat(outcomes.stream().distinct()).hasSize(1);
        assertThat(outcomes.getFirst()).startsWith("trained ");
    }

    @Test
    void aLearningRateThatExplodesIsNamedWithStepAndLayer() {
        assertThat(outcomeOfAll(() -> SmallJobs.tiny().optimizer(new SGD(1e30))))
                .matches(
                        "step 2, micro-batch 0: the loss is (NaN|Infinity); it began in layer \\d Linear\\(\\d, \\d\\), "
                                + "whose output is (NaN|-?Infinity) at \\[0, \\d]; a smaller learning rate may help");
    }

    /** While later windows are under way, of which none ends any more. Stages may meet it in several at once: one is named. */
    @ParameterizedTest
    @ValueSource(strings = {"PipeDream", "PipeDream(true)", "PipeDream2BW", "WeightPrediction", "PipeMare", "NoStash"})
    void whatIsMetWhileWindowsOverlapEndsTheRunAtOnce(String schedule) {
        SGD exploding = new SGD(1e30).withMomentum(0.9);
        List<Long> finished = new ArrayList<>();
        String outcome = outcome(overlapping(schedule).optimizer(exploding), finished);
        assertThat(outcome)
                .matches(
                        "step [2-6](, micro-batch 0)?: (the loss|the gradient of \\d\\.(weight|bias)|parameter \\d\\.(weight|bias))"
                                + " is (NaN|-?Infinity).*; "
                                + ".* in layer \\d Linear\\(\\d, \\d\\).*; a smaller learning rate may help");
        long named = Long.parseLong(outcome.substring("step ".length(), "step ".length() + 1));
        assertThat(finished)
                .as("steps finished of a run that ends with: %s", outcome)
                .allMatch(step -> step < named);
        finished.clear();
        assertThat(outcome(
                        overlapping(schedule)
                                .optimizer(new SGD(3e38).withMomentum(0.9).withWeightDecay(1000)),
                        finished))
                .matches(
                        "step 1: parameter \\d\\.(weight|bias) is (NaN|-?Infinity) at \\[.*]; the optimizer step made it, "
                                + "in layer \\d Linear\\(\\d, \\d\\); a smaller learning rate may help");
        assertThat(finished).as("steps finished").isEmpty();
    }

    private static JobBuilder overlapping(String schedule) {
        return SmallJobs.tiny().stageBounds(BOUNDS.get(2)).schedule(Schedules.parse(schedule));
    }

    /** How a job ends; notes the steps that it has finished. */
    private static String outcome(JobBuilder job, List<Long> finished) {
        try (Training training = Ketju.start(job.build(), event -> {
            if (event instanceof TrainingEvent.StepFinished step) {
                finished.add(step.step());
            }
        })) {
            return "trained " + training.await().stateSha256();
        } catch (TrainingFailedException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void aParameterThatTheStepBreaksIsNamed() {
        assertThat(outcomeOfAll(() -> SmallJobs.tiny().optimizer(new SGD(3e38).withWeightDecay(1000))))
                .matches("step 1: parameter 1\\.weight is -?Infinity at \\[0, \\d]; the optimizer step made it, "
                        + "in layer 1 Linear\\(4, 8\\); a smaller learning rate may help");
    }

    /** The stage that mirrors the parameter waits for a value that its owner will not send. */
    @Test
    void aSharedParameterThatTheStepBreaksKeepsNobodyWaiting() {
        List<String> lines = List.of(
                "first = Linear(4, 4)", "Tanh()", "second = Linear(4, 4) with weight = first.weight", "Linear(4, 3)");
        List<String> outcomes = new ArrayList<>();
        for (List<Integer> bounds : List.of(List.of(0, 4), List.of(0, 2, 4), List.of(0, 1, 2, 3, 4))) {
            outcomes.add(outcome(SmallJobs.tiny()
                    .model(ModelText.parse(Shape.of(4), lines))
                    .optimizer(new SGD(3e38).withWeightDecay(1000))
                    .stageBounds(bounds)));
        }
        assertThat(outcomes.stream().distinct()).hasSize(1);
        assertThat(outcomes.getFirst())
                .matches("step 1: parameter first\\.weight is -?Infinity at \\[0, \\d]; the optimizer step made it, "
                        + "in layer first Linear\\(4, 4\\); a smaller learning rate may help");
    }

    @Test
    void anEvaluationThatFindsItNamesTheLayerToo() {
        // one step, and then an evaluation of parameters that are finite, but too large to compute with
        assertThat(outcomeOfAll(() -> SmallJobs.tiny().batchSize(23).epochs(1).optimizer(new SGD(1e30))))
                .matches("evaluation after step 1, micro-batch 0: the loss is (NaN|Infinity); it began in layer \\d "
                        + "Linear\\(\\d, \\d\\), whose output is .* at \\[0, \\d]; a smaller learning rate may help");
    }

    @Test
    void optimizerStateThatOverflowsAloneEntersNoCheckpoint() throws IOException {
        // inputs so large that squares of gradients are infinite: Adam's step is 0, and nothing else would tell
        float[] inputs = new float[23 * 4];
        int[] targets = new int[23];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = (i * 37 % 101 - 50) * 1e22f;
            targets[i / 4] = i / 4 % 3;
        }
        ArrayDataset train = new ArrayDataset("train", Shape.of(4), inputs, targets);
        Path run = folder.resolve("run");
        Supplier<JobBuilder> job = () -> SmallJobs.tiny()
                .data(new DataSource("custom", train, SmallJobs.samples("test", 7)))
                .optimizer(new Adam(0.01));
        assertThat(outcomeOfAll(job))
                .matches("checkpoint of step 8: optimizer state 1\\.weight\\.exp_avg_sq is Infinity at \\[\\d, \\d]; "
                        + "its gradients were too large, in layer 1 Linear\\(4, 8\\)");
        assertThatThrownBy(() -> Ketju.fit(job.get().stages(3).runDirectory(run).build()))
                .hasMessageStartingWith("checkpoint of step 4: optimizer state 1.weight.exp_avg_sq is Infinity");
        try (Stream<Path> files = Files.walk(run)) {
            assertThat(files.filter(file -> file.endsWith("manifest.json"))).isEmpty();
        }
    }

    @Test
    void aSampleThatIsNoNumberIsNamed() {
        DataSource broken = new DataSource("custom", withNaN("mine/train", 23, 17), SmallJobs.samples("mine/test", 7));
        assertThat(outcomeOfAll(() -> SmallJobs.tiny().data(broken)))
                .isEqualTo("batch feeder: sample 17 of mine/train: value at [2] is NaN");
        DataSource untested = new DataSource("custom", SmallJobs.samples("train", 23), withNaN("mine/test", 7, 3));
        assertThat(outcomeOfAll(() -> SmallJobs.tiny().data(untested)))
                .isEqualTo("batch feeder: sample 3 of mine/test: value at [2] is NaN");
        TrainingJob sound = SmallJobs.tiny().runDirectory(folder.resolve("run")).build();
        Ketju.fit(sound);
        try (TrainedModel model = Ketju.load(sound, folder.resolve("run"))) {
            assertThatThrownBy(() -> model.evaluate(withNaN("others", 9, 8)))
                    .isInstanceOf(BadDataException.class)
                    .hasMessage("sample 8 of others: value at [2] is NaN");
        }
    }

    private static ArrayDataset withNaN(String name, int count, int sample) {
        float[] inputs = new float[count * 4];
        int[] targets = new int[count];
        for (int i = 0; i < count; i++) {
            targets[i] = i % 3;
        }
        inputs[sample * 4 + 2] = Float.NaN;
        return new ArrayDataset(name, Shape.of(4), inputs, targets);
    }

    /** How the job ends, wherever it is cut, with both schedules, one stage on a rank or two: always the same. */
    private static String outcomeOfAll(Supplier<JobBuilder> job) {
        List<String> outcomes = new ArrayList<>();
        for (List<Integer> bounds : BOUNDS) {
            outcomes.add(outcome(job.get().stageBounds(bounds)));
            // With steps that wait for sums, and a norm that bounds nothing.
            outcomes.add(outcome(job.get().stageBounds(bounds).clipGradNorm(Float.MAX_VALUE)));
        }
        outcomes.add(outcome(job.get().stageBounds(BOUNDS.get(2)).threads(2).schedule(new GPipe())));
        for (Placement placement : List.of(Placement.looped(2, 2), Placement.vee(2))) {
            outcomes.add(outcome(
                    job.get().stageBounds(BOUNDS.get(2)).placement(placement).schedule(new GPipe())));
        }
        assertThat(outcomes.stream().distinct()).hasSize(1);
        return outcomes.getFirst();
    }

    private static String outcome(JobBuilder job) {
        return outcome(job, new ArrayList<>());
    }
}
