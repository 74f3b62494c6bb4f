package io.ketju.examples;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.deploy.command.CommandLineInterface;
import io.ketju.deploy.display.Invocation;
import io.ketju.deploy.display.Terminal;
import io.ketju.examples.lesson.Example;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.Page;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ketju example}: lists the examples, or runs one. */
@Command(
        name = "example",
        description = ExampleCommand.DESCRIPTION,
        sortOptions = false,
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ketju example                     what there is",
            "  ketju example xor                 run one; its pictures are in runs/example-xor-1",
            "  ketju example all                 run all, one after the other"
        })
final class ExampleCommand implements Callable<Integer> {
    static final String DESCRIPTION = "Run an example that teaches, or list them: question, numbers, pictures.";

    /** In place of a name: each of them. */
    private static final String ALL = "all";

    private final Terminal terminal;

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "Which example, or all.")
    private @Nullable String name;

    @Option(names = "--full", description = "The long version, on a full data set, where there is one.")
    private boolean full;

    @Option(
            names = "--run-dir",
            paramLabel = "DIR",
            description = "Where pictures go: absent or empty. Without it: runs/example-<name>-<number>.")
    private @Nullable String runDirectory;

    @Option(
            names = "--pages",
            paramLabel = "DIR",
            description =
                    "Also write what is printed, and the pictures, into the example's page in this folder, or what --full"
                            + " prints beside it.")
    private @Nullable Path pages;

    ExampleCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (name == null) {
            if (full || runDirectory != null || pages != null) {
                throw new InvalidJobException("expected the NAME of an example beside the options, found none");
            }
            list();
            return CommandLineInterface.OK;
        }
        if (!name.equals(ALL)) {
            run(Examples.named(name));
            return CommandLineInterface.OK;
        }
        if (runDirectory != null) {
            throw new InvalidJobException("--run-dir: expected the name of one example beside it, found " + ALL);
        }
        Examples.ALL.forEach(this::run);
        return CommandLineInterface.OK;
    }

    private void list() {
        int widest = Examples.ALL.stream()
                .mapToInt(example -> example.name().length())
                .max()
                .orElse(0);
        for (Example example : Examples.ALL) {
            String longer = example.full().isEmpty() ? "" : " (--full: " + example.full() + ")";
            terminal.printText(List.of("  " + example.name()
                    + " ".repeat(widest + 2 - example.name().length()) + example.question() + longer));
        }
        terminal.printText(List.of("", "Run one with " + Invocation.ofProcess().of("example", "NAME")));
    }

    private void run(Example example) {
        if (full && example.full().isEmpty()) {
            throw new InvalidJobException("--full: expected an example that has a long version, found " + example.name()
                    + ", which has none; run it without");
        }
        Page page = pages == null ? null : Page.read(pages, example);
        if (page != null && onThePage(page)) {
            page.output(full); // there is a place for it
        }
        try (ExampleFolder folder = ExampleFolder.of(example.name(), runDirectory)) {
            ByteArrayOutputStream printed = new ByteArrayOutputStream();
            example.run(new Lesson(
                    folder.path(),
                    full,
                    new PrintStream(new Copying(terminal.out(), printed), false, StandardCharsets.UTF_8)));
            if (page != null) {
                keep(page, printed.toString(StandardCharsets.UTF_8), folder.path());
            }
            terminal.printText(List.of("", "Pictures are in " + folder.path()));
        }
    }

    private void keep(Page page, String printed, Path run) {
        if (onThePage(page)) {
            page.withOutput(full, printed).write(full, run);
        } else {
            page.writeFull(printed);
        }
    }

    /** What the long version prints need not be. */
    private boolean onThePage(Page page) {
        return !full || page.showsFull();
    }
}
