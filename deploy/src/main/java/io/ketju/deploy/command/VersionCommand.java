package io.ketju.deploy.command;

import io.ketju.deploy.display.Terminal;
import io.ketju.records.text.Machine;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code ketju version}. */
@Command(name = "version", description = "Show the version, the machine and the kernels.")
final class VersionCommand implements Callable<Integer> {
    private final Terminal terminal;

    VersionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        String version = VersionCommand.class.getPackage().getImplementationVersion();
        terminal.out().println("ketju " + (version == null ? "(not packaged)" : version));
        terminal.out().println(Machine.describe(Runtime.getRuntime().availableProcessors()));
        return CommandLineInterface.OK;
    }
}
