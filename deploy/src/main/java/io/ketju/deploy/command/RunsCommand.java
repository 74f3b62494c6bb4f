package io.ketju.deploy.command;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.deploy.display.RunRows;
import io.ketju.deploy.display.Terminal;
import io.ketju.records.RunSummary;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
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

    private List<Path> runs() {
        try {
            return RunSummary.runsIn(folder);
        } catch (UncheckedIOException e) {
            throw new InvalidJobException(folder + ": expected a readable folder, found " + e.getMessage());
        }
    }
}
