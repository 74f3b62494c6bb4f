package io.ketju.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.examples.lesson.Example;
import io.ketju.examples.lesson.Page;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What pages tell of long versions in passing is what those printed, rounded at most: {@code ketju example NAME --full --pages examples} keeps it in {@code
 * full.txt} beside the page.
 */
class FullNumbersTest {
    private static final Path PAGES = Path.of("").toAbsolutePath();

    /** The point that tells of it, to the next one. */
    private static final Pattern POINT = Pattern.compile("(?m)^- `--full`(?:(?!^- |^#|^<)[\\s\\S])*");

    private static final Pattern DECIMAL = Pattern.compile("\\d+\\.\\d+");

    static Stream<String> kept() {
        return Examples.ALL.stream()
                .filter(example -> Files.exists(Page.read(PAGES, example).full()))
                .map(Example::name);
    }

    @ParameterizedTest
    @MethodSource("kept")
    void areThoseThatItPrinted(String name) throws IOException {
        Page page = Page.read(PAGES, Examples.named(name));
        List<String> told = decimals(page.text());
        assertThat(told).as("numbers of --full on %s", page.file()).isNotEmpty();
        List<BigDecimal> printed = numbers(Files.readString(page.full()));
        assertThat(told)
                .allSatisfy(number -> assertThat(printed)
                        .as(number)
                        .anyMatch(exact ->
                                rounded(exact, new BigDecimal(number).scale()).equals(number)));
    }

    /** A page may tell fewer digits than are printed. */
    private static String rounded(BigDecimal exact, int digits) {
        return exact.setScale(digits, RoundingMode.HALF_UP).toPlainString();
    }

    private static List<BigDecimal> numbers(String printed) {
        return DECIMAL.matcher(printed)
                .results()
                .map(found -> new BigDecimal(found.group()))
                .toList();
    }

    private static List<String> decimals(String text) {
        return POINT.matcher(text)
                .results()
                .map(MatchResult::group)
                .flatMap(point -> DECIMAL.matcher(point.replaceAll("`[^`]*`|\\]\\([^)]*\\)", ""))
                        .results())
                .map(MatchResult::group)
                .toList();
    }

    @Test
    void onlyThePointThatTellsOfItCounts() {
        assertThat(decimals("0.1 %\n- `--full` tells (`npm pack a@1.2`) 2.3,\n  4.5 and 6.\n- `x` 7.8\n\n9.0\n"))
                .containsExactly("2.3", "4.5");
    }
}
