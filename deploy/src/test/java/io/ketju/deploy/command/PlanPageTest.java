package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Tables that pages show as printed by {@code ketju plan} are those that it prints. */
class PlanPageTest {
    private static final Pattern RANKS = Pattern.compile("(?:^rank \\d+ .*\\n)+", Pattern.MULTILINE);

    @Test
    void thePageOfReplicasShowsItsTable() throws IOException {
        String page = read("docs/replicas.md");
        MatchResult command = Pattern.compile("^\\$ ketju plan (.*)$", Pattern.MULTILINE)
                .matcher(page)
                .results()
                .findFirst()
                .orElseThrow();
        List<String> words = Pattern.compile("\"([^\"]*)\"|(\\S+)")
                .matcher(command.group(1))
                .results()
                .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
                .toList();
        assertThat(printed(words)).isEqualTo(table(page.substring(command.end())));
    }

    @Test
    void theReadmeShowsOneForwardOneBackward() throws IOException {
        assertThat(printed(List.of("--schedule", "1F1B", "--stages", "4", "--microbatches", "4")))
                .isEqualTo(table(read("README.md")));
    }

    private static String printed(List<String> options) {
        List<String> words = new ArrayList<>(List.of("plan"));
        words.addAll(options);
        InProcess plan = InProcess.run(words.toArray(String[]::new));
        assertThat(plan.exitCode()).as(plan.err()).isZero();
        return table(plan.out());
    }

    /** The first one, without blanks at the ends of its lines. */
    private static String table(String text) {
        return RANKS.matcher(text).results().findFirst().orElseThrow().group().replaceAll("(?m) +$", "");
    }

    private static String read(String page) throws IOException {
        return Files.readString(Path.of("..").resolve(page));
    }
}
