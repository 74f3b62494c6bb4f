package io.ketju.layers.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorArena;
import org.junit.jupiter.api.Test;

class PredictionTest {
    private static final float[] OUTPUTS = {1.34f, 0.5f, -2, 0, 0, 100};

    @Test
    void outputsStayAsTheyAre() {
        assertThat(predicted(Prediction.OUTPUTS)).containsExactly(OUTPUTS);
    }

    @Test
    void probabilitiesAreOfEachSampleAlone() {
        float[] probabilities = predicted(Prediction.CLASS_PROBABILITIES);
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
        assertThat(new CrossEntropyLoss().prediction()).isEqualTo(Prediction.CLASS_PROBABILITIES);
    }

    private static float[] predicted(Prediction prediction) {
        try (TensorCore core = TensorCore.open(1);
                TensorArena arena = new TensorArena(1 << 12)) {
            Tensor outputs = arena.allocate(Shape.of(2, 3));
            outputs.copyFrom(OUTPUTS);
            Tensor predictions = arena.allocate(Shape.of(2, 3));
            prediction.apply(core.kernels(), outputs, predictions);
            return predictions.toFloats();
        }
    }
}
