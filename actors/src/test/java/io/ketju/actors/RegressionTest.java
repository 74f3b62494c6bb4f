package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.run.Training;
import io.ketju.data.Dataset;
import io.ketju.layers.activation.Activations;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.optimizer.Adam;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A model that learns y = (sin x0 + x1, x0 x1): what it says are numbers, not classes. */
class RegressionTest {
    /** A grid over -2 to 2 in both directions. */
    private record Grid(int side) implements Dataset {
        @Override
        public String name() {
            return "grid";
        }

        @Override
        public int size() {
            return side * side;
        }

        @Override
        public Shape inputShape() {
            return Shape.of(2);
        }

        @Override
        public Shape targetShape() {
            return Shape.of(2);
        }

        @Override
        public DType targetType() {
            return DType.FLOAT32;
        }

        @Override
        public int classes() {
            return 0;
        }

        @Override
        public void copyInput(int sample, Tensor batch, int row) {
            batch.setFloat(row * 2, x(sample, 0));
            batch.setFloat(row * 2 + 1, x(sample, 1));
        }

        @Override
        public void copyTarget(int sample, Tensor batch, int row) {
            float[] y = truth(x(sample, 0), x(sample, 1));
            batch.setFloat(row * 2, y[0]);
            batch.setFloat(row * 2 + 1, y[1]);
        }

        @Override
        public String identity() {
            return "grid-" + side;
        }

        private float x(int sample, int axis) {
            return 4f * (axis == 0 ? sample / side : sample % side) / (side - 1) - 2;
        }

        private static float[] truth(float x0, float x1) {
            return new float[] {(float) Math.sin(x0) + x1, x0 * x1};
        }
    }

    @Test
    void predictionsAreTheOutputsAndNobodyHearsOfAnAccuracy() {
        List<TrainingEvent> events = Collections.synchronizedList(new ArrayList<>());
        TrainingJob job = Ketju.job()
                .model(Shape.of(2), Sequential.of(new Linear(2, 24), Activations.tanh(), new Linear(24, 2)))
                .data(new DataSource("custom", new Grid(30), new Grid(11)))
                .loss(new MeanSquaredError())
                .optimizer(new Adam(0.02))
                .batchSize(50)
                .microbatches(3)
                .epochs(25)
                .stages(2)
                .threads(1)
                .build();
        try (Training training = Ketju.start(job, events::add)) {
            TrainingResult result = training.await();
            assertThat(result.testLoss().orElseThrow()).isLessThan(0.02);
            assertThat(result.test().values()).containsOnlyKeys("loss");
            assertThat(result.train().values()).containsOnlyKeys("loss");
            TrainedModel model = training.model();
            assertThat(model.evaluate(job.data().test()).metrics()).isEqualTo(result.test());
            float[] y = model.predict(new float[] {1, 0.5f});
            assertThat(y[0]).isBetween(1.0f, 1.7f);
            assertThat(y[1]).isBetween(0.2f, 0.8f);
            assertThat(y).containsExactly(model.outputs(new float[] {1, 0.5f}));
            manyAtOnceAreTheSameBits(model);
        }
        for (TrainingEvent event : events) {
            switch (event) {
                case TrainingEvent.StepFinished step ->
                    assertThat(step.metrics().values()).containsOnlyKeys("loss");
                case TrainingEvent.EpochFinished epoch -> {
                    assertThat(epoch.train().values()).containsOnlyKeys("loss");
                    assertThat(epoch.test().values()).containsOnlyKeys("loss");
                }
                default -> {}
            }
        }
    }

    /** More than one micro-batch of 17, and a ragged one. */
    private static void manyAtOnceAreTheSameBits(TrainedModel model) {
        float[][] samples = new float[41][];
        float[][] alone = new float[41][];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = new float[] {i / 20f - 1, 1 - i / 30f};
            alone[i] = model.predict(samples[i]);
        }
        assertThat(model.predict(samples)).isDeepEqualTo(alone);
        assertThat(model.predict(new float[0][])).isEmpty();
        assertThatThrownBy(() -> model.predict(new float[][] {{1, 2}, {1}}))
                .hasMessage("sample 1: expected 2 values of [2], found 1");
        assertThatThrownBy(() -> model.predictPixels(new int[] {1, 2}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("says nothing of pixels");
    }
}
