package io.ketju.actors.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.layers.PassBinding;
import io.ketju.layers.PassBinding.Phase;
import io.ketju.layers.activation.Activations;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.shape.Flatten;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorArena;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScaleTest {
    private static final Shape SAMPLE = Shape.of(3);

    // region gradients
    @Test
    void gradientsAreThoseOfFiniteDifferences() {
        Scale layer = new Scale(3);
        float[] weight = {0.5f, -1, 2};
        float[] x = {1, 2, -0.5f, 0.25f, -3, 1.5f}; // two samples
        float[] dy = {1, -2, 0.5f, 0.25f, 1, -1};
        try (TensorCore core = TensorCore.open(1);
                TensorArena arena = new TensorArena(1 << 12)) {
            Tensor gradient = tensor(arena, SAMPLE, 0, 0, 0);
            PassBinding.Weights weights =
                    new PassBinding.Weights(List.of(tensor(arena, SAMPLE, weight)), List.of(gradient), Map.of());
            TensorType type = TensorType.floats(SAMPLE.batched(2));
            PassBinding binding = new PassBinding("scale", core.kernels(), weights, layer.footprint(type), 1, 1, 0);
            Tensor gradInput = tensor(arena, type.shape(), new float[6]);
            binding.input(0, tensor(arena, type.shape(), x));
            binding.output(0, tensor(arena, type.shape(), new float[6]));
            binding.gradOutput(0, tensor(arena, type.shape(), dy));
            binding.gradInput(0, gradInput);
            layer.forward(binding.forward(true, 1, 0));
            layer.backwardInput(binding.backward(Phase.INPUT_GRADIENT));
            layer.backwardWeight(binding.backward(Phase.WEIGHT_GRADIENT));
            float[] dx = gradInput.toFloats();

            // With steps and values that are sums of few powers of two the differences are exact.
            for (int i = 0; i < x.length; i++) {
                assertThat(dx[i])
                        .isEqualTo((loss(weight, with(x, i, 0.25f), dy) - loss(weight, with(x, i, -0.25f), dy)) * 2);
            }
            for (int i = 0; i < weight.length; i++) {
                assertThat(gradient.getFloat(i))
                        .isEqualTo((loss(with(weight, i, 0.25f), x, dy) - loss(with(weight, i, -0.25f), x, dy)) * 2);
            }
        }
    }
    // end region

    // region stages
    @Test
    void oneStageAndThreeComputeTheSameBits() {
        assertThat(Ketju.fit(job(3)).stateSha256()).isEqualTo(Ketju.fit(job(1)).stateSha256());
    }

    private static TrainingJob job(int stages) {
        return Ketju.job()
                .model(
                        Shape.of(1, 8, 8),
                        Sequential.of(new Flatten(), new Scale(64), new Linear(64, 16), Activations.relu(), new Linear(16, 10)))
                .data(DataSource.named("digits"))
                .stages(stages)
                .build();
    }
    // end region

    /** The layer in double, summed with dy as weights: its gradient is what backward computes from dy. */
    private static float loss(float[] weight, float[] x, float[] dy) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += (double) x[i] * weight[i % weight.length] * dy[i];
        }
        return (float) sum;
    }

    private static float[] with(float[] values, int index, float step) {
        float[] changed = values.clone();
        changed[index] += step;
        return changed;
    }

    private static Tensor tensor(TensorArena arena, Shape shape, float... values) {
        Tensor tensor = arena.allocate(shape);
        tensor.copyFrom(values);
        return tensor;
    }
}
