package io.ketju.report.command;

import io.ketju.deploy.command.AddedCommand;
import io.ketju.deploy.display.Terminal;

/** Adds {@code ketju plot} to the command line. */
public final class PlotCommands implements AddedCommand {
    /** For {@link java.util.ServiceLoader}. */
    public PlotCommands() {}

    @Override
    public String name() {
        return "plot";
    }

    @Override
    public String description() {
        return PlotCommand.DESCRIPTION;
    }

    @Override
    public Object command(Terminal terminal) {
        return new PlotCommand(terminal);
    }
}
