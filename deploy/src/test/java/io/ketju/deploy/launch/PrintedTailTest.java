package io.ketju.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PrintedTailTest {
    @Test
    void allOfALittleIsKeptButForTheLineThatSaysNothing() {
        assertThat(of("WARNING: Using incubator modules: jdk.incubator.vector\nfirst\nsecond\n"))
                .isEqualTo("first\nsecond\n");
        assertThat(of("")).isEmpty();
    }

    @Test
    void ofMuchTheEndIsKept() {
        String end = "x".repeat(PrintedTail.LONGEST - 4) + "end\n";
        assertThat(of("y".repeat(3 * PrintedTail.LONGEST / 2) + end)).isEqualTo(end);
        assertThat(of(end)).isEqualTo(end);
    }

    @Test
    void anInterruptedCallerStaysInterrupted() {
        Thread.currentThread().interrupt();
        assertThat(of("first\n")).isEqualTo("first\n");
        assertThat(Thread.interrupted()).isTrue();
    }

    private static String of(String printed) {
        return PrintedTail.of(new ByteArrayInputStream(printed.getBytes(StandardCharsets.UTF_8)))
                .text();
    }
}
