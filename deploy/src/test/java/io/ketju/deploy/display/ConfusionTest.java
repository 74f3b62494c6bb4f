package io.ketju.deploy.display;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.job.Measured;
import io.ketju.actors.run.Evaluation;
import io.ketju.layers.loss.ConfusionMatrix;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Which classes were told for which: on the terminal, as JSON. */
class ConfusionTest {
    private static final Measured THREE = measured(3, 12, 1, 0, 3, 1234, 0, 0, 0, 0);

    @Test
    void aNarrowTableIsShownWhole() {
        assertThat(ConfusionText.lines(THREE, List.of("cat", "dog", "hippopotamus"), terminal(80)))
                .containsExactly(
                        "",
                        "confusion: a row for each true class, a column for each that was told",
                        "true            cat   dog  2   right",
                        "-".repeat(36),
                        "cat              12     1  0  92.3 %",
                        "dog               3  1234  0  99.8 %",
                        "2 hippopotamus    0     0  0       -");
        assertThat(ConfusionText.lines(THREE, List.of(), terminal(80))).contains("   1   3  1234  0  99.8 %");
        assertThat(ConfusionText.lines(Measured.NONE, List.of(), terminal(80))).isEmpty();
    }

    @Test
    void ofAWideOneTheMistakesThatWereMadeMost() {
        assertThat(ConfusionText.lines(THREE, List.of("cat", "dog", "hippopotamus"), terminal(30)))
                .containsExactly(
                        "",
                        "confusion of 3 classes, the mistakes that were made most",
                        "  dog told to be cat: 3 of 1,237",
                        "  cat told to be dog: 1 of 13");
        long[] right = LongStream.range(0, 2500).map(i -> i % 51 == 0 ? 2 : 0).toArray();
        assertThat(ConfusionText.lines(measured(50, right), List.of(), terminal(100)))
                .containsExactly("", "confusion of 50 classes: no mistakes");
    }

    @Test
    void anEvaluationIsALineOfJson() {
        Evaluation evaluation = new Evaluation(
                new Measured(
                        new LinkedHashMap<>(Map.of("loss", 0.25)),
                        measured(2, 3, 1, 0, 4).tables()),
                8);
        assertThat(EvaluationJson.of(evaluation, "a/test", List.of("no", "\"yes\""), Optional.empty()))
                .isEqualTo("{\"data\":\"a/test\",\"samples\":8,\"metrics\":{\"loss\":0.25},\"tables\":{\"confusion\":"
                        + "{\"classes\":[\"no\",\"\\\"yes\\\"\"],\"counts\":[[3,1],[0,4]]}}}");
        assertThat(EvaluationJson.of(new Evaluation(Measured.NONE, 0), "a", List.of(), Optional.of(0.5)))
                .isEqualTo("{\"data\":\"a\",\"samples\":0,\"metrics\":{\"bleu\":0.5}}");
    }

    private static Measured measured(int classes, long... counts) {
        SequencedMap<String, ConfusionMatrix> tables = new LinkedHashMap<>(Collections.singletonMap(
                "confusion",
                new ConfusionMatrix(classes, LongStream.of(counts).boxed().toList())));
        return new Measured(new LinkedHashMap<>(), tables);
    }

    private static Terminal terminal(int columns) {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return new Terminal(nowhere, nowhere, false, columns, false);
    }
}
