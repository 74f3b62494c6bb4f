package io.ketju.actors.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.layers.activation.Activations;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.loss.MSELoss;
import io.ketju.layers.loss.MeasuredLoss;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.optimizer.Adam;
import io.ketju.pipeline.catalogue.GPipe;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnPartsExampleTest {
    private static JobBuilder sine() {
        return Ketju.job()
                .model(Shape.of(1), Sequential.of(new Linear(1, 16), Activations.tanh(), new Linear(16, 1)))
                .data(new DataSource("custom", new SineWave(96, 0), new SineWave(32, 0.5)))
                .loss(new MSELoss())
                .batchSize(16)
                .microbatches(4);
    }

    // region update
    @Test
    void anUpdateGoesAgainstTheSignOfTheMeanGradient() {
        try (TensorCore core = TensorCore.open(1);
                TensorArena arena = new TensorArena(1 << 10)) {
            Tensor weight = arena.allocate(Shape.of(3));
            Tensor gradient = arena.allocate(Shape.of(3));
            Tensor mean = arena.allocate(Shape.of(3));
            weight.copyFrom(new float[] {1, 1, 1});
            gradient.copyFrom(new float[] {4, -2, 0});
            mean.copyFrom(new float[] {0, 0, 0});

            new Signum(0.25, 0.5).update(core.kernels(), 0.25, 1, weight, gradient, List.of(mean));

            assertThat(weight.toFloats()).containsExactly(0.75f, 1.25f, 1);
            assertThat(mean.toFloats()).containsExactly(2, -1, 0);
        }
    }
    // end region

    // region formula
    @Test
    void aFormulaHasTheSameBitsByVectorsAndElementByElement() {
        try (TensorCore core = TensorCore.open(1);
                TensorArena arena = new TensorArena(1 << 12)) {
            List<float[]> weights = new ArrayList<>();
            for (Kernels kernels : List.of(core.kernels(), Kernels.scalar())) {
                Tensor weight = arena.allocate(Shape.of(37));
                Tensor gradient = arena.allocate(Shape.of(37));
                Tensor mean = arena.allocate(Shape.of(37));
                for (int i = 0; i < 37; i++) {
                    weight.setFloat(i, i / 7f);
                    gradient.setFloat(i, i % 5 - 2);
                    mean.setFloat(i, 0.3f * (i % 3));
                }
                new SignumFormula(0.01, 0.9).update(kernels, 0.01, 1, weight, gradient, List.of(mean));
                weights.add(weight.toFloats());
            }
            assertThat(weights.getFirst()).isEqualTo(weights.getLast());
            assertThat(weights.getFirst()[0]).isEqualTo(0.01f); // the mean gradient is -0.2
        }
    }
    // end region

    @Test
    void aFormulaLearnsOverAnyStages() {
        List<String> states = new ArrayList<>();
        for (int stages = 1; stages <= 2; stages++) {
            TrainingJob job = sine().optimizer(new SignumFormula(0.01, 0.9))
                    .stages(stages)
                    .epochs(20)
                    .build();
            TrainingResult result = Ketju.fit(job);
            assertThat(result.testLoss().orElseThrow()).isLessThan(0.1);
            states.add(result.stateSha256());
        }
        assertThat(states.getFirst()).isEqualTo(states.getLast());
    }

    @Test
    void anOptimizerHasTheSameBitsOverAnyStages() {
        // region optimized
        TrainingJob job =
                sine().optimizer(new Signum(0.01, 0.9)).stages(2).epochs(20).build();
        // end region
        TrainingResult result = Ketju.fit(job);
        assertThat(result.stateSha256())
                .isEqualTo(Ketju.fit(sine().optimizer(new Signum(0.01, 0.9))
                                .epochs(20)
                                .build())
                        .stateSha256());
        assertThat(result.testLoss().orElseThrow()).isLessThan(0.25);
    }

    @Test
    void ratesRiseAndFall() {
        InverseSquareRoot rates = new InverseSquareRoot(4);
        assertThat(rates.learningRate(0.5, 1, 100)).isEqualTo(0.125);
        assertThat(rates.learningRate(0.5, 4, 100)).isEqualTo(0.5);
        assertThat(rates.learningRate(0.5, 16, 100)).isEqualTo(0.25);
        // region rated
        TrainingJob job = sine().optimizer(new Adam(0.02))
                .learningRateSchedule(new InverseSquareRoot(4))
                .build();
        // end region
        assertThat(Ketju.fit(job).completed()).isTrue();
    }

    @Test
    void aScheduleHasTheBitsOfAnyOther() {
        // region plan
        assertThat(SchedulePlan.of(new InPairs(), 2, 3).lists()).isEqualTo("""
                        0F0 0F1 0B0 0B1 0F2 0B2 0S
                        1F0 1F1 1B0 1B1 1F2 1B2 1S
                        """);
        TrainingJob job = sine().schedule(new InPairs()).stages(2).build();
        TrainingJob other = sine().schedule(new GPipe()).stages(2).build();
        assertThat(Ketju.fit(job).stateSha256()).isEqualTo(Ketju.fit(other).stateSha256());
        // end region
    }

    @Test
    void aMetricIsToldBesideTheLossAndChangesNothing() {
        // region measured
        TrainingJob job = sine().loss(new MeasuredLoss(new MSELoss(), new MeanError()))
                .metrics(List.of("mean_error", "mae"))
                .stages(2)
                .build();
        TrainingResult result = Ketju.fit(job);
        assertThat(result.test().values().sequencedKeySet()).containsExactly("loss", "mean_error", "mae");
        // end region
        assertThat(result.test().get("mean_error").orElseThrow())
                .isBetween(
                        -result.test().get("mae").orElseThrow(),
                        result.test().get("mae").orElseThrow());
        assertThat(result.stateSha256())
                .isEqualTo(Ketju.fit(sine().stages(2).build()).stateSha256());
    }

    @Test
    void aListenerStopsItsRun() {
        // region stopped
        TrainingJob job = sine().optimizer(new Adam(0.3)).epochs(500).build();
        TrainingResult result = Ketju.fit(job, new Patience(3));
        assertThat(result.completed()).isFalse();
        assertThat(result.stopReason().orElseThrow()).startsWith("no better than in epoch ");
        // end region
    }
}
