package io.ketju.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
    @ParameterizedTest
    @CsvSource({
        "512MiB, 536870912, 512MiB",
        "1.5 gib, 1610612736, 1536MiB",
        "2GB, 2000000000, 1953125KiB",
        "4096B, 4096, 4KiB",
        "1001B, 1001, 1001B",
        "0.3KiB, 307, 307B",
        "3TB, 3000000000000, 2929687500KiB"
    })
    void readsAndPrints(String text, long bytes, String printed) {
        assertThat(ByteSize.parse(text)).isEqualTo(bytes);
        assertThat(ByteSize.text(bytes)).isEqualTo(printed);
        assertThat(ByteSize.parse(printed)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0B", "0.0001B", "512", "-1MiB", "MiB", "1 XiB", "1e3MiB", "999999999999999TiB"})
    void otherTextIsQuoted(String text) {
        assertThatThrownBy(() -> ByteSize.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected a size of memory such as 512MiB, found \"" + text + '"');
    }

    @Test
    void printsNothingAsBytes() {
        assertThat(ByteSize.text(0)).isEqualTo("0B");
    }
}
