package io.ketju.deploy.display;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WrappingTest {
    private static final String LINE =
            "  machine   Intel(R) Xeon(R) Processor @ 2.50GHz, 2 processors, 2 threads, JDK 25.0.3";

    @Test
    void aFieldGoesOnUnderItsValue() {
        assertThat(Wrapping.lines(LINE, 80, 12))
                .containsExactly(
                        "  machine   Intel(R) Xeon(R) Processor @ 2.50GHz, 2 processors, 2 threads, JDK",
                        "            25.0.3");
        assertThat(Wrapping.lines(LINE, 40, 12))
                .containsExactly(
                        "  machine   Intel(R) Xeon(R) Processor @",
                        "            2.50GHz, 2 processors, 2",
                        "            threads, JDK 25.0.3");
    }

    @Test
    void whatFitsStaysAsItIs() {
        assertThat(Wrapping.lines(LINE, LINE.length(), 12)).containsExactly(LINE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 12, 13, 20, 40, 79, 80, 200})
    void nothingIsLost(int columns) {
        List<String> lines = Wrapping.lines(LINE, columns, 12);
        assertThat(String.join(" ", lines).replaceAll(" +", " ")).isEqualTo(LINE.replaceAll(" +", " "));
        assertThat(lines)
                .allSatisfy(line -> assertThat(line.length() <= columns
                                || line.strip().indexOf(' ') < 0
                                || line.startsWith("  machine"))
                        .as("%s", lines)
                        .isTrue());
    }

    @Test
    void aLongWordStaysWhole() {
        assertThat(Wrapping.lines("into a/very/long/path here", 8, 2))
                .containsExactly("into", "  a/very/long/path", "  here");
    }

    @Test
    void partsAreKeptTogether() {
        assertThat(Wrapping.parts(List.of("one part", "another part", "end"), 17, 2))
                .containsExactly("one part", "  another part", "  end");
    }
}
