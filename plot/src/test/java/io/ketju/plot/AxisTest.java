package io.ketju.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxisTest {
    @ParameterizedTest
    @CsvSource({"0, 1, 0 0.2 0.4 0.6 0.8 1", "-1, 2, -1 -0.5 0 0.5 1 1.5 2", "0, 5000, 0 1000 2000 3000 4000 5000"})
    void ticksHaveFewDigits(double low, double high, String expected) {
        List<String> ticks = new Axis(low, high).ticks().stream().map(Text::of).toList();
        assertThat(String.join(" ", ticks)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0.5, 0.5", "12.34, 12.3", "1234.5, 1235", "0.00012, 1.2e-04", "-3, -3", "2.0004, 2"})
    void numbersAreShort(double value, String expected) {
        assertThat(Text.of(value)).isEqualTo(expected);
    }
}
