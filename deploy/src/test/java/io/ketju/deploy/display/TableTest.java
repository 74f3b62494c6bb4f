package io.ketju.deploy.display;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    private static final Table TABLE = new Table(List.of(
            List.of("stage", "layers", "bytes"),
            List.of("0", "Conv2d(1, 6), ReLU(), MaxPool2d(2)", "5.0 KiB"),
            List.of("11", "Linear(4, 2)", "640 B")));

    @Test
    void numbersStandRightAndTextLeft() {
        assertThat(TABLE.lines(80, 1, false))
                .containsExactly(
                        "stage  layers                                bytes",
                        "--------------------------------------------------",
                        "    0  Conv2d(1, 6), ReLU(), MaxPool2d(2)  5.0 KiB",
                        "   11  Linear(4, 2)                          640 B");
    }

    @Test
    void theTextColumnWrapsToTheWidth() {
        List<String> lines = TABLE.lines(40, 1, true);
        assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(40));
        assertThat(lines.get(1)).matches("─+");
        assertThat(lines.get(2)).contains("Conv2d(1, 6), ReLU(),").endsWith("5.0 KiB");
        assertThat(lines.get(3).strip()).isEqualTo("MaxPool2d(2)");
    }

    @Test
    void whereEvenThatIsTooWideEveryRowBecomesLines() {
        assertThat(TABLE.lines(30, 1, true))
                .containsExactly(
                        "stage 0",
                        "  layers  Conv2d(1, 6),",
                        "          ReLU(), MaxPool2d(2)",
                        "  bytes   5.0 KiB",
                        "stage 11",
                        "  layers  Linear(4, 2)",
                        "  bytes   640 B");
    }
}
