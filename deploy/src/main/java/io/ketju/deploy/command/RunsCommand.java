package io.ketju.deploy.command;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.deploy.display.RunRows;
import io.ketju.deploy.display.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ketju runs}: all runs of a folder, the latest last. */
@Command(
        name = "runs",
        description = "List the runs of a folder: what was trained, how far, and the best epoch.",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExample:%n",
        footer = "  ketju runs")
final class RunsCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(
            paramLabel = "FOLDER",
            arity = "0..1",
            defaultValue = "runs",
            description = "Where the runs are; default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // picocli sets it: it has a default
    private Path folder;

    RunsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        List<Path> runs = runs();
        if (runs.isEmpty()) {
            throw new InvalidJobException(
                    folder + ": expected a folder of runs, found none; ketju train keeps its run in runs");
        }
        terminal.print(RunRows.lines(runs, terminal));
        return CommandLineInterface.OK;
    }

    /** By when they were last written to. */
    private List<Path> runs() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> Files.isRegularFile(entry.resolve("job.conf")))
                    .sorted(Comparator.comparing(RunsCommand::written).thenComparing(Comparator.naturalOrder()))
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new InvalidJobException(folder + ": expected a readable folder, found " + e.getMessage());
        }
    }

    private static FileTime written(Path run) {
        try {
            return Files.getLastModifiedTime(run);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
