package io.ketju.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.deploy.command.CommandLineInterface;
import io.ketju.deploy.display.Terminal;
import io.ketju.layers.catalogue.Catalogue;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/**
 * Every command on the pages and in the comments of job files is one that the command line takes: it is parsed, by all commands with
 * all of their options, those of other modules included; nothing runs. Placeholders ({@code JOB}, {@code RUN}, {@code HOST:PORT}) are parsed as they stand.
 */
class PageCommandsTest {
    /** What a reader has to fill in. */
    private static final String LEFT_OUT = "...";

    /** Lists, which print and do nothing else. */
    private static final Set<String> CATALOGUES =
            Catalogue.ALL.stream().map(Catalogue::name).collect(Collectors.toSet());

    /** Options of a job whose values may be none. */
    private static final Set<String> DESCRIBING = Set.of(
            "--data",
            "--model",
            "--optimizer",
            "--schedule",
            "--stages",
            "--replicas",
            "--stage-bounds",
            "--recompute");

    /** Options with a value that a plan does not take: they are about the run. */
    private static final Set<String> RUNNING = Set.of("--run-dir", "--nodes");

    private static List<PageCommand> commands = List.of();

    private final CommandLine ketju = CommandLineInterface.whole(nowhere());

    @BeforeAll
    static void read() {
        List<PageCommand> found = new ArrayList<>();
        ReaderPages.all().forEach((page, text) -> found.addAll(PageCommand.of(page, text)));
        commands = List.copyOf(found);
    }

    @Test
    void everyLineOfABlockIsParsed(TestReporter reporter) {
        checkAll(reporter, true, 100);
    }

    /** In prose a command may be named without its parameters. */
    @Test
    void everyCommandInProseIsParsed(TestReporter reporter) {
        checkAll(reporter, false, 150);
    }

    private void checkAll(TestReporter reporter, boolean typed, int least) {
        List<String> wrong = new ArrayList<>();
        int parsed = 0;
        int leftOut = 0;
        for (PageCommand command : commands) {
            if (command.typed() != typed) {
                continue;
            }
            Optional<String> refused = refusal(command);
            if (refused.isEmpty()) {
                parsed++;
            } else if (command.words().contains(LEFT_OUT)) {
                leftOut++;
            } else {
                wrong.add(command + ": " + refused.get());
            }
        }
        reporter.publishEntry(
                typed ? "lines of blocks" : "commands in prose",
                parsed + " parsed, " + leftOut + " that leave something out");
        assertThat(wrong).isEmpty();
        assertThat(parsed).isGreaterThanOrEqualTo(least);
    }

    private Optional<String> refusal(PageCommand command) {
        try {
            ketju.parseArgs(command.words().toArray(String[]::new));
            return Optional.empty();
        } catch (MissingParameterException e) {
            return command.typed() ? Optional.of(String.valueOf(e.getMessage())) : Optional.empty();
        } catch (ParameterException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static boolean isExample(String name) {
        return Examples.ALL.stream().anyMatch(example -> example.name().equals(name));
    }

    /** Job files and examples that are named are there; so is what is looked up in a list, which is shown. */
    @Test
    void whatCommandsNameIsThere() {
        for (PageCommand command : commands) {
            assertThat(command.words())
                    .filteredOn(word -> word.matches("jobs/[\\w-]+\\.conf"))
                    .as(command.toString())
                    .allSatisfy(job -> assertThat(ReaderPages.ROOT.resolve(job)).isRegularFile());
            if (command.words().getFirst().equals("example")) {
                assertThat(command.words().stream().skip(1).limit(1))
                        .as(command.toString())
                        .allMatch(name -> name.equals("NAME") || name.equals("all") || isExample(name));
            }
            if (CATALOGUES.contains(command.words().getFirst())
                    && !command.words().contains("NAME")) {
                assertThat(CommandLineInterface.execute(
                                nowhere(), command.words().toArray(String[]::new)))
                        .as(command.toString())
                        .isEqualTo(CommandLineInterface.OK);
            }
        }
    }

    /** Values as well: where a command describes a job on data that come along, that job is planned. */
    @Test
    void jobsThatCommandsDescribeArePlanned() {
        int planned = 0;
        for (PageCommand command : commands) {
            Optional<List<String>> job = job(command);
            if (job.isPresent()) {
                ByteArrayOutputStream err = new ByteArrayOutputStream();
                Terminal terminal = new Terminal(
                        new PrintStream(new ByteArrayOutputStream()), new PrintStream(err), false, 100, true);
                assertThat(CommandLineInterface.execute(terminal, job.get().toArray(String[]::new)))
                        .as(command + ": " + err)
                        .isEqualTo(CommandLineInterface.OK);
                planned++;
            }
        }
        assertThat(planned).isGreaterThan(12);
    }

    /** A plan of the same job; empty: it says no more than a job file, leaves something to the reader, or needs data that are not there. */
    private static Optional<List<String>> job(PageCommand command) {
        List<String> words = command.words();
        if (!Set.of("train", "launch", "plan").contains(words.getFirst())
                || words.stream()
                        .anyMatch(word ->
                                word.matches("[A-Z.:/]+|.*\\.\\.\\.|.*(cora|cifar10|/).*") && !word.startsWith("jobs/"))
                || words.stream().noneMatch(DESCRIBING::contains)) {
            return Optional.empty();
        }
        List<String> plan = new ArrayList<>(List.of("plan"));
        for (int i = 1; i < words.size(); i++) {
            if (RUNNING.contains(words.get(i))) {
                i++;
            } else {
                plan.add(
                        words.get(i).startsWith("jobs/")
                                ? ReaderPages.ROOT.resolve(words.get(i)).toString()
                                : words.get(i));
            }
        }
        return Optional.of(plan);
    }

    @Test
    void aMistakeIsSeen() {
        String page = """
                ```
                ./ketju train JOB \\
                  --stagse 1,\\
                2   # two
                ./ketju plan 'a b' > x
                $ ketju trian
                ```
                or `./ketju certs show --ot x` and `ketju ping`.
                """;
        assertThat(PageCommand.of("p.md", page))
                .extracting(PageCommand::toString)
                .containsExactly(
                        "p.md: [train, JOB, --stagse, 1,2]",
                        "p.md: [plan, a b]",
                        "p.md: [trian]",
                        "p.md: [certs, show, --ot, x]",
                        "p.md: [ping]");
        assertThat(PageCommand.of("p.md", page))
                .extracting(command -> refusal(command).isPresent())
                .containsExactly(true, false, true, true, false);
    }

    private static Terminal nowhere() {
        PrintStream none = new PrintStream(new ByteArrayOutputStream());
        return new Terminal(none, none, false, 100, true);
    }
}
