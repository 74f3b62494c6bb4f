package io.ketju.actors.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowsAheadTest {
    private final WindowsAhead ahead = new WindowsAhead(1);

    @ParameterizedTest
    @CsvSource({
        "0, 2",
        "-1, 2",
        "1, 16",
        "6250000, 16",
        "6250001, 15",
        "25000000, 4",
        "50000000, 2",
        "50000001, 2",
        "9000000000000, 2",
    })
    void shortWindowsAreGrantedFurtherAhead(long busyNanos, int windows) {
        ahead.finished(busyNanos);
        assertThat(ahead.windows()).isEqualTo(windows);
    }

    @ParameterizedTest
    @CsvSource({"1, 50000000", "50000000, 1"})
    void theLastOneCounts(long before, long last) {
        ahead.finished(before);
        ahead.finished(last);
        WindowsAhead alone = new WindowsAhead(1);
        alone.finished(last);
        assertThat(ahead.windows()).isEqualTo(alone.windows());
    }
}
