package io.ketju.actors.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.Training;
import io.ketju.layers.activation.Activations;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.loss.LossPass;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.optimizer.Adam;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegressionExampleTest {
    // region loss
    @Test
    void theLossIsTheMeanAbsoluteErrorAndItsGradient() {
        try (TensorCore core = TensorCore.open(1);
                TensorArena arena = new TensorArena(1 << 12)) {
            Tensor output = tensor(arena, 1, 2, -4, 0.5f); // two samples of two numbers
            Tensor target = tensor(arena, 3, 1, -4, 0.25f);

            // Half of a mini-batch of four samples: sums are over what is here, gradients for the whole.
            Tensor gradient = tensor(arena, 0, 0, 0, 0);
            LossPass pass = new LossPass(
                    core.kernels(), List.of(output), List.of(target), List.of(gradient), List.of(), 1.0 / 4);
            double value = new AbsoluteError().compute(pass);

            assertThat(value).isEqualTo((2 + 1 + 0 + 0.25) / 2);
            assertThat(gradient.toFloats()).containsExactly(-0.125f, 0.125f, 0, 0.125f);
        }
    }
    // end region

    // region data
    @Test
    void samplesAreTheSameBitsEachTimeAndAnotherSetHasAnotherIdentity() {
        SineWave wave = new SineWave(8, 0);
        try (TensorArena arena = new TensorArena(1 << 10)) {
            Tensor batch = arena.allocate(wave.inputType(), wave.inputShape().batched(2));
            wave.copyInput(4, batch, 0);
            wave.copyInput(4, batch, 1);
            assertThat(batch.toFloats()).containsExactly(0, 0);
        }
        assertThat(wave.identity())
                .isEqualTo(new SineWave(8, 0).identity())
                .isNotEqualTo(new SineWave(8, 0.5).identity());
    }
    // end region

    @Test
    void aSineWaveIsLearnt() {
        List<TrainingEvent.EpochFinished> epochs = Collections.synchronizedList(new ArrayList<>());
        // region job
        TrainingJob job = Ketju.job()
                .model(Shape.of(1), Sequential.of(new Linear(1, 32), Activations.tanh(), new Linear(32, 1)))
                .data(new DataSource("custom", new SineWave(512, 0), new SineWave(64, 0.5)))
                .loss(new AbsoluteError())
                .optimizer(new Adam(0.01))
                .stages(2)
                .epochs(60)
                .build();
        // end region
        try (Training training = Ketju.start(job, event -> {
            if (event instanceof TrainingEvent.EpochFinished done) {
                epochs.add(done);
            }
        })) {
            training.await();
        }
        assertThat(epochs.getLast().testLoss()).isLessThan(0.05);
    }

    private static Tensor tensor(TensorArena arena, float... values) {
        Tensor tensor = arena.allocate(DType.FLOAT32, Shape.of(2, 2));
        tensor.copyFrom(values);
        return tensor;
    }
}
