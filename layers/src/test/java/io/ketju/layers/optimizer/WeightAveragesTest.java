package io.ketju.layers.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.Floats;
import io.ketju.layers.Goldens;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.AveragedWeights;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ParameterBlock;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightAveragesTest {
    private static final int STEPS = 14;
    private static final int STEPS_PER_EPOCH = 3;
    /** Some roundings of single precision, relative to the largest value. */
    private static final double TOLERANCE = 5e-7;

    static List<String> cases() {
        return Goldens.casesWith("averages");
    }

    private static float[] ofStep(String golden, int step) {
        float[] all = Goldens.get(golden).values();
        int size = all.length / STEPS;
        return Arrays.copyOfRange(all, (step - 1) * size, step * size);
    }

    @Test
    void everyAverageHasValuesOfPyTorch() {
        assertThat(cases().stream().map(spec -> Spec.parse(spec).name()).distinct())
                .containsExactlyInAnyOrderElementsOf(WeightAverages.names());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equalsPyTorch(String spec) {
        WeightAverage rule = WeightAverages.parse(spec);
        Model model = Model.of(Shape.of(5), Sequential.of(new Linear(5, 3)));
        try (ParameterBlock weights = ParameterBlock.forInference(model.nodes());
                AveragedWeights averages = new AveragedWeights(weights, model.nodes(), rule, name -> true)) {
            Tensor average = averages.of(weights.values()).getFirst().tensor();
            for (int step = 1; step <= STEPS; step++) {
                weights.value("0.weight").copyFrom(ofStep(spec + "/weights", step));
                averages.update(Kernels.scalar(), rule.share(step, STEPS_PER_EPOCH));
                Floats.assertClose(
                        "after step " + step, average.toFloats(), ofStep(spec + "/averages", step), TOLERANCE);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void printsWhatItParses(String spec) {
        assertThat(WeightAverages.parse(spec)).hasToString(spec);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EMA(use_buffers=true)", "SWA(start_epoch=3, use_buffers=true)"})
    void buffersAreAskedForByName(String spec) {
        assertThat(WeightAverages.parse(spec).useBuffers()).isTrue();
        assertThat(WeightAverages.parse(spec)).hasToString(spec);
    }

    @Test
    void defaultsAreThoseOfPyTorch() {
        assertThat(WeightAverages.parse("EMA")).isEqualTo(new EMA(0.999));
        assertThat(WeightAverages.parse("SWA")).isEqualTo(new SWA(0));
    }

    /** Until something counts the average is the weights, so that there is always one. */
    @Test
    void whatComesBeforeIsTheWeights() {
        WeightAverage rule = new SWA(2);
        List<Double> shares = List.of(rule.share(1, 4), rule.share(12, 4), rule.share(13, 4), rule.share(16, 4));
        assertThat(shares).containsExactly(1.0, 1.0, 0.0, 0.5);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            EMA(decay=1.5)                         | EMA: argument 'decay': expected 0 <= number <= 1, found 1.5
            EMA(decay=-0.1)                        | EMA: argument 'decay': expected 0 <= number <= 1, found -0.1
            EMA(decay=fast)                        | EMA(decay=fast): argument 'decay': expected a number, found 'fast'
            SWA(start_epoch=-1)                    | SWA: argument 'start_epoch': expected at least 0, found -1
            SWA(every_epochs=0)                    | SWA: argument 'every_epochs': expected at least 1, found 0
            SWA(every_steps=-5)                    | SWA: argument 'every_steps': expected at least 0, found -5
            SWA(every_epochs=2, every_steps=5)     | SWA: argument 'every_steps': expected none beside every_epochs, found 5 and every_epochs = 2
            SMA(0.9)                               | unknown average of weights 'SMA'; did you mean
            """)
    void whatIsNoAverageIsRefused(String text, String message) {
        assertThatThrownBy(() -> WeightAverages.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }
}
