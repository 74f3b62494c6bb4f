package io.ketju.deploy.command;

import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.deploy.display.RunDifferences;
import io.ketju.deploy.display.Terminal;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ketju compare}: runs side by side. */
@Command(
        name = "compare",
        description = "Show in what runs differ: settings, numbers, and whether the weights are the same bits.",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExample:%n",
        footer = "  ketju compare runs/fashion-lenet-1 runs/fashion-lenet-2")
final class CompareCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "RUN", arity = "2..*", description = "Folders of two or more runs.")
    @SuppressWarnings("NullAway.Init") // picocli sets it: it is required
    private List<Path> runs;

    CompareCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        List<RunDirectory> folders = runs.stream().map(RunDirectory::open).toList();
        terminal.print(RunDifferences.lines(folders, terminal));
        return CommandLineInterface.OK;
    }
}
