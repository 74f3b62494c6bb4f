package io.ketju.actors.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.arithmetic.Add;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.embedding.Embedding;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.loss.BCEWithLogitsLoss;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.loss.Loss;
import io.ketju.layers.loss.MSELoss;
import io.ketju.layers.loss.Prediction;
import io.ketju.layers.model.Head;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.model.Value;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.memory.TensorMemory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a model gives to programs that embed it: several inputs and outputs by name, any number of samples, views. */
class TrainedModelTest {
    private static final int SAMPLES = 11;

    @Test
    void severalInputsAndOutputsByName() {
        try (TrainedModel model = model(twoHeads(), new CrossEntropyLoss())) {
            assertThat(model.model().outputNames()).containsExactly("classes", "size");
            Map<String, TensorValues> given = given(SAMPLES);
            Map<String, TensorValues> raw = model.outputs(given);
            Map<String, TensorValues> predicted = model.predict(given);
            assertThat(raw.keySet()).containsExactly("classes", "size");
            assertThat(of(raw, "classes").shape()).isEqualTo(Shape.of(SAMPLES, 5));
            assertThat(of(raw, "size").shape()).isEqualTo(Shape.of(SAMPLES, 1));
            assertThat(model.prediction("classes").kind()).isEqualTo(Prediction.Kind.CLASS_PROBABILITIES);
            assertThat(model.prediction("size")).isEqualTo(Prediction.OUTPUTS);
            assertThat(predicted.get("size")).isEqualTo(raw.get("size"));
            float[] probabilities = of(predicted, "classes").floats();
            for (int i = 0; i < SAMPLES; i++) {
                assertThat(sum(probabilities, i * 5, 5)).isBetween(0.99999, 1.00001);
            }
            eachAloneIsTheSame(model, given, raw, predicted);
        }
    }

    private static void eachAloneIsTheSame(
            TrainedModel model,
            Map<String, TensorValues> given,
            Map<String, TensorValues> raw,
            Map<String, TensorValues> predicted) {
        for (int i = 0; i < SAMPLES; i++) {
            Map<String, TensorValues> alone = Map.of(
                    "x", TensorValues.of(Arrays.copyOfRange(of(given, "x").floats(), 3 * i, 3 * i + 3), 1, 3),
                    "token",
                            TensorValues.of(
                                    Arrays.copyOfRange(of(given, "token").ints(), i, i + 1), 1));
            for (String output : raw.keySet()) {
                int size = output.equals("size") ? 1 : 5;
                assertThat(of(model.outputs(alone), output).floats())
                        .isEqualTo(Arrays.copyOfRange(of(raw, output).floats(), i * size, (i + 1) * size));
                assertThat(of(model.predict(alone), output).floats())
                        .isEqualTo(Arrays.copyOfRange(of(predicted, output).floats(), i * size, (i + 1) * size));
            }
        }
    }

    /** Memory is that of the weights and one part, whether few samples go through or many. */
    @Test
    void anyNumberOfSamplesLeavesNothingOpen() {
        try (TrainedModel model = model(twoHeads(), new CrossEntropyLoss())) {
            model.outputs(given(1));
            long open = TensorMemory.openBytes();
            for (int samples : new int[] {1, 4, 5, 300}) {
                assertThat(of(model.outputs(given(samples)), "size").floats()).hasSize(samples);
                assertThat(TensorMemory.openBytes()).isEqualTo(open);
            }
        }
    }

    @Test
    void classesOfEachPixelAddUpToOne() {
        Model segmenting = Model.of(Shape.of(1, 3, 3), Sequential.of(new Conv2d(1, 4, 3).withPadding(1)));
        try (TrainedModel model = model(segmenting, new CrossEntropyLoss())) {
            float[] pixels = model.predict(floats(9));
            assertThat(pixels).hasSize(4 * 9);
            for (int pixel = 0; pixel < 9; pixel++) {
                double sum = 0;
                for (int c = 0; c < 4; c++) {
                    sum += pixels[c * 9 + pixel];
                }
                assertThat(sum).isBetween(0.99999, 1.00001);
            }
        }
    }

    @Test
    void labelsAndNumbersAreViewsToo() {
        Model linear = Model.of(Shape.of(3), Sequential.of(new Linear(3, 2)));
        float[] sample = floats(3);
        try (TrainedModel labels = model(linear, new BCEWithLogitsLoss());
                TrainedModel numbers = model(linear, new MSELoss())) {
            float[] outputs = numbers.outputs(sample);
            assertThat(numbers.predict(sample)).isEqualTo(outputs);
            assertThat(labels.outputs(sample)).isEqualTo(outputs);
            for (int i = 0; i < 2; i++) {
                assertThat((double) labels.predict(sample)[i])
                        .isBetween(1 / (1 + Math.exp(-outputs[i])) - 1e-6, 1 / (1 + Math.exp(-outputs[i])) + 1e-6);
            }
        }
    }

    @Test
    void whatDoesNotFitIsNamed() {
        try (TrainedModel model = model(twoHeads(), new CrossEntropyLoss())) {
            assertThatThrownBy(() -> model.predict(new float[3]))
                    .hasMessageContaining("[x float32[1, 3], token int32[1]]: give them by name");
            assertThatThrownBy(() -> model.predict(Map.of("x", TensorValues.of(floats(3), 1, 3))))
                    .hasMessage("expected the inputs [x, token], found [x]; the output 'classes' needs 'token'");
            assertThatThrownBy(() -> model.predict(
                            Map.of("x", TensorValues.of(floats(8), 2, 4), "token", TensorValues.of(new int[2], 2))))
                    .hasMessage("input 'x': expected samples of float32[3], found float32[2, 4]");
            assertThatThrownBy(() -> model.predict(
                            Map.of("x", TensorValues.of(floats(6), 2, 3), "token", TensorValues.of(new int[3], 3))))
                    .hasMessage("input 'token': expected 2 samples like the inputs before it, found 3");
            assertThatThrownBy(() -> model.prediction("mood"))
                    .hasMessage("no output 'mood'; there are [classes, size]");
            assertThatThrownBy(() -> TensorValues.of(floats(3), 2, 2))
                    .hasMessage("expected 4 values for float32[2, 2], found 3");
        }
    }

    private static TensorValues of(Map<String, TensorValues> values, String name) {
        return Objects.requireNonNull(values.get(name), name);
    }

    private static TrainedModel model(Model graph, Loss loss) {
        Model whole = graph.heads().isEmpty() ? graph.withHead(loss) : graph;
        TrainedModel model = new TrainedModel(whole, new TestSet(8, 2, 1), 1, KnownInputs.none());
        model.initialize(5);
        return model;
    }

    /** Inputs "x" [3] and "token", outputs "classes" [5] and "size" [1], each with a loss. */
    private static Model twoHeads() {
        ModelBuilder builder = new ModelBuilder();
        Value x = builder.input(Input.samples("x", DType.FLOAT32, Shape.of(3)));
        Value token = builder.input(Input.samples("token", DType.INT32, Shape.of()));
        Value embedded = builder.add("embedding", new Embedding(4, 5), token);
        Value hidden = builder.add("hidden", new Linear(3, 5), x);
        Value classes = builder.add("classes", new Add(), hidden, embedded);
        Value size = builder.add("size", new Linear(5, 1), hidden);
        builder.head("loss", new CrossEntropyLoss(), List.of(classes), "target");
        builder.head(new Head("second", new MSELoss(), List.of(size), List.of("length"), 0.5));
        return builder.output(classes).output(size).build();
    }

    private static Map<String, TensorValues> given(int samples) {
        int[] tokens = new int[samples];
        for (int i = 0; i < samples; i++) {
            tokens[i] = i % 4;
        }
        return Map.of("x", TensorValues.of(floats(3 * samples), samples, 3), "token", TensorValues.of(tokens, samples));
    }

    private static float[] floats(int count) {
        Random random = new Random(1);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static double sum(float[] values, int from, int count) {
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += values[i];
        }
        return sum;
    }
}
