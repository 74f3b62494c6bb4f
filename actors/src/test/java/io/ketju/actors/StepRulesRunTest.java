package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.JobHash;
import io.ketju.actors.job.Measured;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.Training;
import io.ketju.data.ArrayDataset;
import io.ketju.layers.activation.Activations;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.optimizer.Adam;
import io.ketju.pipeline.NonFiniteGradients;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs whose gradients are clipped by value, told, or not finite, as actors. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class StepRulesRunTest {
    /** Of {@link SmallJobs#tiny}, which has 6 layers. */
    private static final List<Integer> FOUR = List.of(0, 1, 3, 5, 6);

    private static final List<UnaryOperator<JobBuilder>> CUTS = List.of(
            job -> job,
            job -> job.stages(3),
            job -> job.stageBounds(FOUR).schedule(new GPipe()),
            job -> job.stageBounds(FOUR).schedule(new GPipe()).placement(Placement.looped(2, 2)),
            job -> job.stageBounds(FOUR).schedule(new GPipe()).placement(Placement.vee(2)));

    @TempDir
    private Path folder;

    /** What the steps and the epochs of a run tell. */
    private record Told(List<Measured> steps, List<Measured> epochs, String stateSha256) {}

    private static Told train(JobBuilder job) {
        List<Measured> steps = new ArrayList<>();
        List<Measured> epochs = new ArrayList<>();
        try (Training training = Ketju.start(job.build(), event -> {
            switch (event) {
                case TrainingEvent.StepFinished step -> steps.add(step.metrics());
                case TrainingEvent.EpochFinished epoch -> epochs.add(epoch.train());
                default -> {}
            }
        })) {
            return new Told(steps, epochs, training.await().stateSha256());
        }
    }

    private static Told trainEverywhere(UnaryOperator<JobBuilder> job) {
        Told whole = train(job.apply(SmallJobs.tiny()));
        for (UnaryOperator<JobBuilder> cut : CUTS) {
            assertThat(train(cut.apply(job.apply(SmallJobs.tiny())))).isEqualTo(whole);
        }
        return whole;
    }

    @Test
    void valuesAreClippedAlikeWhereverItIsCut() {
        Told clipped = trainEverywhere(job -> job.optimizer(new Adam(0.01)).clipGradValue(0.01));
        assertThat(clipped.stateSha256())
                .isNotEqualTo(train(SmallJobs.tiny().optimizer(new Adam(0.01))).stateSha256());
        assertThat(train(SmallJobs.tiny().clipGradValue(1e6))).isEqualTo(train(SmallJobs.tiny()));
        Told both = trainEverywhere(job -> job.clipGradNorm(0.2).clipGradValue(0.03));
        assertThat(both.stateSha256())
                .isNotEqualTo(train(SmallJobs.tiny().clipGradNorm(0.2)).stateSha256());
    }

    @Test
    void theNormOfTheGradientsIsToldAndChangesNothing() {
        Told told = trainEverywhere(JobBuilder::tellGradNorm);
        assertThat(told.stateSha256()).isEqualTo(train(SmallJobs.tiny()).stateSha256());
        assertThat(told.steps())
                .hasSize(8)
                .allSatisfy(
                        step -> assertThat(step.get("grad_norm").orElseThrow()).isPositive());
        double sum = 0;
        for (Measured step : told.steps().subList(0, 4)) {
            sum += step.get("grad_norm").orElseThrow();
        }
        assertThat(told.epochs().getFirst().get("grad_norm")).hasValue(sum / 4);
    }

    /** One mini-batch of an epoch has a sample that overflows in the first layer: no run but one that skips survives it. */
    private static JobBuilder overflowing(JobBuilder job) {
        float[] inputs = new float[23 * 4];
        int[] targets = new int[23];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = i / 4 == 9 ? 3e38f : (i * 37 % 101 - 50) / 50f;
        }
        for (int i = 0; i < targets.length; i++) {
            targets[i] = i % 3;
        }
        ArrayDataset train = new ArrayDataset("train", Shape.of(4), inputs, targets);
        Sequential layers = Sequential.of(
                new Linear(4, 8).withInitializer(Initializers.constant(1)),
                Activations.relu(),
                new Linear(8, 6),
                Activations.relu(),
                new Linear(6, 5),
                new Linear(5, 3));
        return job.model(Shape.of(4), layers)
                .data(new DataSource("custom", train, SmallJobs.samples("test", 7)))
                .optimizer(new Adam(0.01))
                .nonFiniteGradients(NonFiniteGradients.SKIP);
    }

    @Test
    void aStepThatOverflowsIsSkippedByAll() {
        Told told = trainEverywhere(StepRulesRunTest::overflowing);
        List<Double> skipped = told.steps().stream()
                .map(step -> step.get("skipped_steps").orElseThrow())
                .toList();
        assertThat(skipped).hasSize(8).containsOnly(0.0, 1.0);
        assertThat(skipped.subList(0, 4)).containsOnlyOnce(1.0);
        assertThat(skipped.subList(4, 8)).containsOnlyOnce(1.0);
        assertThat(told.epochs()).allSatisfy(epoch -> {
            assertThat(epoch.get("skipped_steps")).hasValue(1);
            assertThat(epoch.loss()).isFinite();
        });
    }

    @Test
    void aStoppedRunThatSkipsGoesOnToTheSameBits() {
        Path run = folder.resolve("run");
        try (Training training = Ketju.start(
                overflowing(SmallJobs.tiny()).runDirectory(run).stages(2).build())) {
            training.stop("enough");
            training.await();
        }
        TrainingResult resumed =
                Ketju.fit(overflowing(SmallJobs.tiny()).resume(run).stages(3).build());
        assertThat(resumed.stateSha256())
                .isEqualTo(train(overflowing(SmallJobs.tiny())).stateSha256());
    }

    @Test
    void whatDecidesTheNumbersBelongsToThem() {
        String free = JobHash.numbers(SmallJobs.tiny().build());
        assertThat(JobHash.numbers(SmallJobs.tiny().clipGradValue(1).build()))
                .isNotEqualTo(free)
                .isNotEqualTo(JobHash.numbers(SmallJobs.tiny().clipGradValue(2).build()));
        assertThat(JobHash.numbers(SmallJobs.tiny()
                        .nonFiniteGradients(NonFiniteGradients.SKIP)
                        .build()))
                .isNotEqualTo(free);
        assertThat(JobHash.numbers(SmallJobs.tiny().tellGradNorm().build())).isEqualTo(free);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void whatIsNoBoundIsRefused(double value) {
        assertThatThrownBy(() -> SmallJobs.tiny().clipGradValue(value))
                .isInstanceOf(InvalidJobException.class)
                .hasMessage("clip-grad-value: expected a largest value > 0, found " + value);
    }
}
