package io.ketju.cluster.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RefusalLogTest {
    private final AtomicLong time = new AtomicLong();
    private final List<String> lines = new ArrayList<>();
    private final RefusalLog log = new RefusalLog(lines::add, time::get);

    @Test
    void aMinuteHasTenLinesAndTheNextOneSaysHowManyWereLeftOut() {
        for (int i = 0; i < 1_000; i++) {
            log.refused("10.0.0.3:" + i, "why not");
        }
        assertThat(lines)
                .hasSize(RefusalLog.LINES)
                .first()
                .isEqualTo("control port: refused a connection from 10.0.0.3:0: why not");
        time.addAndGet(RefusalLog.SPAN.toNanos() - 1);
        log.refused("10.0.0.3:1", "why not");
        assertThat(lines).hasSize(RefusalLog.LINES);
        time.addAndGet(1);
        log.refused("10.0.0.4:1", "another minute");
        assertThat(lines.subList(RefusalLog.LINES, lines.size()))
                .containsExactly(
                        "control port: refused 991 more connections in the minute before",
                        "control port: refused a connection from 10.0.0.4:1: another minute");
    }

    @Test
    void whatAStrangerSentMovesNoCursorAndFillsNoDisk() {
        log.refused("10.0.0.3:1", "\u001b[2J\n" + "x".repeat(10_000));
        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst()).doesNotContain("\u001b", "\n").hasSizeLessThan(300);
    }
}
