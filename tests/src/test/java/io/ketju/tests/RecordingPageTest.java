package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of docs/watching.md on the JDK's flight recorder, as they stand there: {@code jfr} shows what the page shows. */
class RecordingPageTest {
    private static final Pattern COMMANDS = Pattern.compile(
            "```\\nKETJU_JAVA_OPTS=(?<flag>\\S+) \\./ketju (?<arguments>.*)\\n(?<summary>jfr .*)\\n(?<view>jfr .*)\\n(?<print>jfr .*)\\n```");

    /** A table: names of columns over dashes as wide. */
    private static final Pattern TABLE =
            Pattern.compile("^(?<names>Start Time .*)\\n(?<dashes>-[- ]*)$", Pattern.MULTILINE);

    private static final Pattern EVENT =
            Pattern.compile("^ketju\\.Send \\{\\n(?<fields>.*?)^}", Pattern.MULTILINE | Pattern.DOTALL);

    @TempDir
    private Path folder;

    @Test
    void theRecordersOwnProgramShowsWhatThePageShows() throws IOException {
        String page = Files.readString(Launcher.repository().resolve("docs/watching.md"));
        Matcher commands = COMMANDS.matcher(page);
        assertThat(commands.find()).isTrue();
        Path jobs = Files.createDirectory(folder.resolve("jobs"));
        Files.copy(Launcher.repository().resolve("jobs/mlp-digits.conf"), jobs.resolve("mlp-digits.conf"));
        String[] arguments = commands.group("arguments").split(" ", -1);
        try (ChildProcess run = Launcher.in(folder).ketju(List.of(commands.group("flag")), arguments)) {
            run.requireSuccess();
        }
        List<String> recorded = new ArrayList<>();
        for (MatchResult event : Pattern.compile("^ (ketju\\.\\w+) +[1-9]\\d* ", Pattern.MULTILINE)
                .matcher(jfr(commands.group("summary")))
                .results()
                .toList()) {
            recorded.add(event.group(1));
        }
        assertThat(recorded).containsExactlyInAnyOrder("ketju.Action", "ketju.Wait", "ketju.Send", "ketju.Checkpoint");
        assertThat(columns(jfr(commands.group("view")))).isEqualTo(columns(page));
        assertThat(fields(jfr(commands.group("print")))).isEqualTo(fields(page));
    }

    private String jfr(String command) {
        List<String> words = new ArrayList<>(List.of(command.split(" ", -1)));
        words.set(0, Path.of(System.getProperty("java.home"), "bin", "jfr").toString());
        try (ChildProcess jfr = ChildProcess.start(command, new ProcessBuilder(words).directory(folder.toFile()))) {
            return String.join("\n", jfr.requireSuccess().out());
        }
    }

    /** The first letters of each name: as many as are left of the one that is cut off most. */
    private static List<String> columns(String text) {
        Matcher table = TABLE.matcher(text);
        assertThat(table.find()).as(text).isTrue();
        return Pattern.compile("-+")
                .matcher(table.group("dashes"))
                .results()
                .map(dashes -> table.group("names")
                        .substring(
                                dashes.start(),
                                Math.min(dashes.end(), table.group("names").length())))
                .map(name -> name.replace("...", "").strip())
                .map(name -> name.substring(0, Math.min(name.length(), "What It".length())))
                .toList();
    }

    private static List<String> fields(String text) {
        Matcher event = EVENT.matcher(text);
        assertThat(event.find()).as(text).isTrue();
        return Pattern.compile("^  (\\w+) = ", Pattern.MULTILINE)
                .matcher(event.group("fields"))
                .results()
                .map(field -> field.group(1))
                .toList();
    }
}
