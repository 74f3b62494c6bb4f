package io.ketju.deploy.display;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.records.text.MetricText;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BarLineTest {
    private static final MetricText METRICS = Jobs.metrics();

    @Test
    void showsEverythingWhereThereIsRoom() {
        BarLine line = new BarLine(12, METRICS, true);
        line.show(Jobs.step(135, 3));
        assertThat(line.line(135, 540, Duration.ofSeconds(10), 140))
                .isEqualTo("epoch  3/12 ██████████                                25 %  loss 0.5121  accuracy 81.3 %"
                        + "  4,210 samples/s  bubble 19.0 %  ETA 0:30");
    }

    @Test
    void withoutUnicodeTheBarIsAscii() {
        BarLine line = new BarLine(12, METRICS, false);
        line.show(Jobs.step(270, 6));
        String text = line.line(270, 540, Duration.ofSeconds(10), 140);
        assertThat(text).contains("[===================                   ]").matches("\\p{ASCII}*");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 30, 40, 60, 79, 80, 100, 132, 200})
    void neverWiderThanTheTerminal(int columns) {
        for (boolean unicode : new boolean[] {true, false}) {
            BarLine line = new BarLine(12, METRICS, unicode);
            assertThat(line.line(0, 540, Duration.ZERO, columns)).hasSizeLessThanOrEqualTo(columns);
            line.show(Jobs.step(539, 12));
            assertThat(line.line(539, 540, Duration.ofHours(2), columns)).hasSizeLessThanOrEqualTo(columns);
        }
    }

    @Test
    void eightyColumnsShowEveryFigure() {
        BarLine line = new BarLine(12, METRICS, true);
        line.show(Jobs.step(135, 3));
        assertThat(line.line(135, 540, Duration.ofSeconds(10), 80))
                .isEqualTo("epoch  3/12 █▊       25 % loss 0.5121 acc 81.3 % 4,210/s bubble 19.0 %  ETA 0:30");
    }

    @Test
    void aNarrowTerminalKeepsLossAndEta() {
        BarLine line = new BarLine(12, METRICS, true);
        line.show(Jobs.step(135, 3));
        assertThat(line.line(135, 540, Duration.ofSeconds(10), 60))
                .contains("loss 0.5121", "ETA 0:30")
                .doesNotContain("bubble");
    }

    @Test
    void stepsBeforeAResumeDoNotCountForTheSpeed() {
        BarLine line = new BarLine(12, METRICS, true);
        line.startAt(500);
        assertThat(line.line(500, 540, Duration.ofSeconds(1), 100)).contains("ETA -:--");
        line.show(Jobs.step(520, 12));
        assertThat(line.line(520, 540, Duration.ofSeconds(10), 100)).contains("ETA 0:10");
    }
}
