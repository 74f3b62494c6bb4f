package io.ketju.layers.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorArena;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PredictionTest {
    private static final float[] OUTPUTS = {1.34f, 0.5f, -2, 0, 0, 100};

    @Test
    void outputsStayAsTheyAre() {
        assertThat(predicted(Prediction.OUTPUTS)).containsExactly(OUTPUTS);
    }

    @Test
    void probabilitiesAreOfEachSampleAlone() {
        float[] probabilities = predicted(Prediction.classProbabilities(1));
        double sum = Math.exp(1.34) + Math.exp(0.5) + Math.exp(-2);
        assertThat(probabilities[0]).isCloseTo((float) (Math.exp(1.34) / sum), within(1e-6f));
        assertThat(probabilities[1]).isCloseTo((float) (Math.exp(0.5) / sum), within(1e-6f));
        assertThat(probabilities[5]).isEqualTo(1);
    }

    @Test
    void labelsHaveProbabilitiesOfTheirOwn() {
        float[] probabilities = predicted(Prediction.LABEL_PROBABILITIES);
        assertThat(probabilities[0]).isCloseTo((float) (1 / (1 + Math.exp(-1.34))), within(1e-6f));
        assertThat(probabilities[2]).isCloseTo((float) (1 / (1 + Math.exp(2))), within(1e-6f));
        assertThat(new BCEWithLogitsLoss().prediction()).isEqualTo(Prediction.LABEL_PROBABILITIES);
        assertThat(new MSELoss().prediction()).isEqualTo(Prediction.OUTPUTS);
    }

    @Test
    void crossEntropyTellsClassesApart() {
        assertThat(new CrossEntropyLoss().prediction()).isEqualTo(Prediction.classProbabilities(1));
        assertThat(new CrossEntropyLoss().withClassesLast().prediction()).isEqualTo(Prediction.classProbabilities(-1));
        assertThat(new NLLLoss().prediction()).isEqualTo(Prediction.classProbabilities(1));
    }

    /** Of an image, [N, C, H, W], the classes of each pixel; of a sequence, [N, T, C], those of each position. */
    @Test
    void classesLieWhereTheLossSays() {
        Shape images = Shape.of(2, 5, 3, 7);
        Random source = new Random(3);
        float[] random = new float[images.elements()];
        for (int i = 0; i < random.length; i++) {
            random[i] = (float) source.nextGaussian();
        }
        float[] ofPixels = predicted(Prediction.classProbabilities(1), images, random);
        float[] ofPositions = predicted(Prediction.classProbabilities(-1), images, random);
        for (int n = 0; n < 2; n++) {
            for (int pixel = 0; pixel < 21; pixel++) {
                float[] logits = new float[5];
                for (int c = 0; c < 5; c++) {
                    logits[c] = random[(n * 5 + c) * 21 + pixel];
                }
                float[] alone = predicted(Prediction.classProbabilities(1), Shape.of(1, 5), logits);
                for (int c = 0; c < 5; c++) {
                    assertThat(ofPixels[(n * 5 + c) * 21 + pixel]).isEqualTo(alone[c]);
                }
            }
        }
        for (int row = 0; row < 2 * 5 * 3; row++) {
            float[] logits = Arrays.copyOfRange(random, row * 7, row * 7 + 7);
            assertThat(Arrays.copyOfRange(ofPositions, row * 7, row * 7 + 7))
                    .isEqualTo(predicted(Prediction.classProbabilities(-1), Shape.of(1, 7), logits));
        }
    }

    private static float[] predicted(Prediction prediction) {
        return predicted(prediction, Shape.of(2, 3), OUTPUTS);
    }

    private static float[] predicted(Prediction prediction, Shape shape, float[] values) {
        try (TensorCore core = TensorCore.open(1);
                TensorArena arena = new TensorArena(1 << 12)) {
            Tensor outputs = arena.allocate(shape);
            outputs.copyFrom(values);
            Tensor predictions = arena.allocate(shape);
            prediction.apply(core.kernels(), outputs, predictions);
            return predictions.toFloats();
        }
    }
}
