package io.ketju.examples.lenet;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.TensorValues;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.run.TrainingSession;
import io.ketju.examples.lesson.Named;
import io.ketju.layers.loss.MSELoss;
import io.ketju.layers.model.ModelText;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How many pixels one number of a layer's output can see, by the formula and by trying every pixel. */
final class ReceptiveField {
    /** Samples that go through at once. */
    private static final int BATCH = 28;

    /** A convolution or a pooling. */
    record Window(String name, int kernel, int stride) {}

    /** What a layer sees: pixels from one side to the other, and how far apart the fields of two neighbours are. */
    record Field(int size, int jump) {}

    private ReceptiveField() {}

    // region formula
    /** Of each layer of a chain: r = r + (k - 1) j, then j = j s. */
    static List<Field> fields(List<Window> windows) {
        List<Field> fields = new ArrayList<>();
        Field seen = new Field(1, 1);
        for (Window window : windows) {
            seen = new Field(seen.size() + (window.kernel() - 1) * seen.jump(), seen.jump() * window.stride());
            fields.add(seen);
        }
        return fields;
    }
    // end region

    // region probe
    /** The same windows with weights of one, means in place of maxima, and no activation: a number is the sum of what it sees. */
    private static final List<String> LINEAR = List.of(
            "conv1 = Conv2d(1, 1, kernel_size=5, padding=2, bias=false, init=ones)",
            "pool1 = AvgPool2d(2)",
            "conv2 = Conv2d(1, 1, kernel_size=5, bias=false, init=ones)",
            "pool2 = AvgPool2d(2)",
            "output conv1, pool1, conv2, pool2");

    /** What each pixel, alone alight, gives the number in the middle of each output: images [side · side] by the output's name. */
    static List<float[]> seen(int side, List<String> outputs) {
        TrainingJob job = Ketju.job()
                .model(ModelText.parse(Shape.of(1, side, side), LINEAR))
                .loss(new MSELoss())
                .metrics(List.of())
                .batchSize(BATCH)
                .stepByStep()
                .build();
        float[] lights = new float[side * side * side * side];
        for (int pixel = 0; pixel < side * side; pixel++) {
            lights[pixel * side * side + pixel] = 1;
        }
        try (TrainingSession session = Ketju.session(job);
                TrainedModel model = session.model()) {
            Map<String, TensorValues> all =
                    model.outputs(Map.of("input", TensorValues.of(lights, side * side, 1, side, side)));
            return outputs.stream()
                    .map(name -> middle(Named.of(all, name), side * side))
                    .toList();
        }
    }
    // end region

    /** The number in the middle of a map, for each sample. */
    private static float[] middle(TensorValues maps, int samples) {
        int height = maps.shape().dimension(2);
        int width = maps.shape().dimension(3);
        float[] values = maps.floats();
        float[] middle = new float[samples];
        for (int i = 0; i < samples; i++) {
            middle[i] = values[i * height * width + height / 2 * width + width / 2];
        }
        return middle;
    }

    /** From the first row that gives something to the last. */
    static int rows(float[] seen, int side) {
        int first = side;
        int last = -1;
        for (int i = 0; i < seen.length; i++) {
            if (seen[i] != 0) {
                first = Math.min(first, i / side);
                last = Math.max(last, i / side);
            }
        }
        return last - first + 1;
    }
}
