package io.ketju.layers.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ReduceLROnPlateauTest {
    private static final double BASE = 0.1;

    /**
     * One of src/test/golden/plateaus.py.
     *
     * @param expected the rate after every epoch, then PyTorch's state
     */
    record Golden(String spec, List<Double> metrics, List<Double> expected) {
        @Override
        public String toString() {
            return spec;
        }
    }

    static Stream<Golden> goldens() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("src", "test", "resources", "golden", "plateaus.tsv"));
        return IntStream.range(0, lines.size() / 3)
                .mapToObj(i ->
                        new Golden(lines.get(3 * i), numbers(lines.get(3 * i + 1)), numbers(lines.get(3 * i + 2))));
    }

    private static List<Double> numbers(String line) {
        return Arrays.stream(line.split("\t", -1)).map(Double::valueOf).toList();
    }

    private static ReduceLROnPlateau parse(String text) {
        return (ReduceLROnPlateau) LearningRateSchedules.parse(text);
    }

    /** To the last bit: PyTorch multiplies its way down, and so does this. */
    @ParameterizedTest
    @MethodSource("goldens")
    void equalsPyTorch(Golden golden) {
        ReduceLROnPlateau rule = parse(golden.spec());
        assertThat(rule).hasToString(golden.spec());
        PlateauState state = rule.start();
        int epochs = golden.metrics().size();
        for (int epoch = 0; epoch < epochs; epoch++) {
            state = rule.after(
                    PlateauState.parse(state.text()), golden.metrics().get(epoch));
            assertThat(rule.reduced(rule.learningRate(BASE, epoch, 100), state.reductions()))
                    .as("after epoch %d", epoch + 1)
                    .isEqualTo(golden.expected().get(epoch));
        }
        assertThat(state.epochs()).isEqualTo(epochs);
        assertThat(List.of(state.best(), (double) state.badEpochs(), (double) state.cooldown()))
                .isEqualTo(golden.expected().subList(epochs, epochs + 3));
    }

    @Test
    void everyCaseReducesButTheDefault() throws IOException {
        assertThat(goldens().filter(golden -> golden.expected().get(39) == BASE))
                .extracting(Golden::spec)
                .containsExactly("ReduceLROnPlateau()");
    }

    @Test
    void defaultsAreThoseOfPyTorch() {
        assertThat(parse("ReduceLROnPlateau")).isEqualTo(new ReduceLROnPlateau());
    }

    @Test
    void aMetricOfOneHeadCanBeWatched() {
        String text = "ReduceLROnPlateau(data=train, head=main, metric=accuracy)";
        assertThat(parse(text).metric()).isEqualTo("main/accuracy");
        assertThat(parse(text)).hasToString(text);
        assertThat(parse("ReduceLROnPlateau(head=aux)").metric()).isEqualTo("aux/loss");
    }

    @Test
    void whatIsNoNumberIsNoImprovement() {
        ReduceLROnPlateau rule = parse("ReduceLROnPlateau(patience=0)");
        assertThat(rule.after(rule.start(), Double.NaN).reductions()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ReduceLROnPlateau(factor=1)           | ReduceLROnPlateau: argument 'factor': expected 0 < number < 1, found 1.0
            ReduceLROnPlateau(factor=0)           | ReduceLROnPlateau: argument 'factor': expected 0 < number < 1, found 0.0
            ReduceLROnPlateau(patience=-1)        | ReduceLROnPlateau: argument 'patience': expected at least 0, found -1
            ReduceLROnPlateau(cooldown=-2)        | ReduceLROnPlateau: argument 'cooldown': expected at least 0, found -2
            ReduceLROnPlateau(mode=best)          | ReduceLROnPlateau: argument 'mode': expected min or max, found 'best'
            ReduceLROnPlateau(threshold_mode=log) | ReduceLROnPlateau: argument 'threshold_mode': expected rel or abs, found 'log'
            ReduceLROnPlateau(data=valid)         | ReduceLROnPlateau: argument 'data': expected test or train, found 'valid'
            ReduceLROnPlateau(min_lr=-1)          | ReduceLROnPlateau: argument 'min_lr': expected a number >= 0, found -1.0
            ReduceLROnPlateau(eps=-1)             | ReduceLROnPlateau: argument 'eps': expected a number >= 0, found -1.0
            'SequentialLR(schedulers=(LinearLR(), ReduceLROnPlateau()), milestones=5)' | SequentialLR: argument 'schedulers': expected schedules that go by the step alone, found ReduceLROnPlateau()
            'ChainedScheduler(schedulers=(ReduceLROnPlateau(), StepLR(3)))' | ChainedScheduler: argument 'schedulers': expected schedules that go by the step alone, found ReduceLROnPlateau()
            """)
    void whatIsNoPlateauIsRefused(String text, String message) {
        assertThatThrownBy(() -> LearningRateSchedules.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void whatIsNoStateIsRefused() {
        assertThatThrownBy(() -> PlateauState.parse("1 2 3")).hasMessageContaining("five numbers");
        assertThatThrownBy(() -> PlateauState.parse("1 NaN 0 0 0")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PlateauState.parse("1 0.5 -1 0 0")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PlateauState.parse("1 0.5 x 0 0")).isInstanceOf(IllegalArgumentException.class);
    }
}
