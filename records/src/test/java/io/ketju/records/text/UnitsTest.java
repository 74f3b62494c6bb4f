package io.ketju.records.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class UnitsTest {
    @Test
    void countsHaveSeparators() {
        assertThat(Units.count(0)).isEqualTo("0");
        assertThat(Units.count(61_706)).isEqualTo("61,706");
    }

    @Test
    void bytesAreBinary() {
        assertThat(Units.bytes(0)).isEqualTo("0 B");
        assertThat(Units.bytes(1023)).isEqualTo("1023 B");
        assertThat(Units.bytes(1024)).isEqualTo("1.0 KiB");
        assertThat(Units.bytes(5L << 30)).isEqualTo("5.0 GiB");
        assertThat(Units.bytes(Long.MAX_VALUE)).endsWith(" TiB");
    }

    @Test
    void durationsGrowCoarser() {
        assertThat(Units.duration(Duration.ofMillis(420))).isEqualTo("0.42 s");
        assertThat(Units.duration(Duration.ofMillis(9_994))).isEqualTo("9.99 s");
        assertThat(Units.duration(Duration.ofMillis(9_996))).isEqualTo("10.0 s");
        assertThat(Units.duration(Duration.ofMillis(48_120))).isEqualTo("48.1 s");
        assertThat(Units.duration(Duration.ofSeconds(125))).isEqualTo("2 min 05 s");
        assertThat(Units.duration(Duration.ofMinutes(187))).isEqualTo("3 h 07 min");
    }

    @Test
    void clocksCountDown() {
        assertThat(Units.clock(Duration.ofSeconds(41))).isEqualTo("0:41");
        assertThat(Units.clock(Duration.ofSeconds(3723))).isEqualTo("1:02:03");
        assertThat(Units.clock(Duration.ofSeconds(-1))).isEqualTo("0:00");
    }

    @Test
    void ratesKeepADigitWhenSmall() {
        assertThat(Units.rate(3.44)).isEqualTo("3.4");
        assertThat(Units.rate(4209.7)).isEqualTo("4,210");
        assertThat(Units.percent(0.8824)).isEqualTo("88.2 %");
        assertThat(Units.loss(0.31238)).isEqualTo("0.3124");
    }
}
