package io.ketju.benchmarks.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.benchmarks.peers.WorkSpec;
import io.ketju.tensor.core.TensorCore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepTrainingTest {
    private static final String CNN = "step_cnn rate=50000 batch=3 size=8 width=4";
    private static final String RESNET = "step_resnet rate=20000 batch=4 size=8 width=4";
    private static final String GPT = "step_gpt rate=3000 batch=2 length=6 width=8 heads=2 layers=2 vocabulary=11";
    private static final String LSTM = "step_lstm rate=1000000 batch=3 length=5 width=8 vocabulary=13";

    private static final String WORDS = "step_words rate=30000 batch=4 length=5 width=8 vocabulary=101 sparse=1";
    private static final String WHOLE_WORDS = "step_words rate=30000 batch=4 length=5 width=8 vocabulary=101 sparse=0";

    /**
     * The first five losses that PyTorch 2.13 gave from the same weights on the same batches: {@code
     * registry.KINDS[name](**numbers)}, {@code repeat(5)}, {@code results()} of peers/steps.py.
     */
    private static final Map<String, List<Double>> PEER = Map.of(
            CNN, List.of(2.033865213394165, 1.9842811822891235, 3.4612510204315186, 2.7877800464630127, 3.108169555664),
            RESNET, List.of(2.4442820549011, 2.690476655960083, 2.5571365356445312, 2.3448948860168457, 2.293692588806),
            GPT, List.of(2.4432199001312256, 2.494835615158081, 2.5454752445220947, 2.5092577934265137, 2.676481246948),
            LSTM,
                    List.of(
                            2.546505451202393,
                            2.5842018127441406,
                            2.5765888690948486,
                            2.6041767597198486,
                            2.529667139053),
            WORDS, List.of(2.342585563659668, 2.3320982456207275, 2.225053310394287, 2.326732635498047, 2.290866136551),
            WHOLE_WORDS,
                    List.of(
                            2.342585563659668,
                            2.3320982456207275,
                            2.221407413482666,
                            2.3224074840545654,
                            2.303919792175));

    /** float32 in another order of sums, over five updates. */
    private static final double OF_LOSSES = 2e-6;

    @ParameterizedTest
    @ValueSource(strings = {CNN, RESNET, GPT, LSTM, WORDS, WHOLE_WORDS})
    void firstLossesAreThoseOfThePeer(String text) {
        try (TensorCore core = TensorCore.open(2);
                StepTraining training = StepTraining.open(WorkSpec.parse(text), core)) {
            for (double expected : Objects.requireNonNull(PEER.get(text))) {
                assertThat(training.step()).as(text).isCloseTo(expected, Offset.offset(OF_LOSSES * expected));
            }
        }
    }

    @Test
    void aFewStepsOnTheSameBatchesLowerTheLoss() {
        try (TensorCore core = TensorCore.open(2)) {
            for (String text : List.of(CNN, RESNET, GPT, LSTM, WORDS)) {
                try (StepTraining training = StepTraining.open(WorkSpec.parse(text), core)) {
                    List<Double> losses = new ArrayList<>();
                    for (int i = 0; i < 30 * StepTraining.BATCHES; i++) {
                        losses.add(training.step());
                    }
                    assertThat(mean(losses.subList(losses.size() - StepTraining.BATCHES, losses.size())))
                            .as(text)
                            .isLessThan(0.9 * mean(losses.subList(0, StepTraining.BATCHES)));
                }
            }
        }
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
}
