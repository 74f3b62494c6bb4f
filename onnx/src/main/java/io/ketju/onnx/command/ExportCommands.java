package io.ketju.onnx.command;

import io.ketju.deploy.command.AddedCommand;
import io.ketju.deploy.display.Terminal;

/** Adds {@code ketju export} to the command line. */
public final class ExportCommands implements AddedCommand {
    /** For {@link java.util.ServiceLoader}. */
    public ExportCommands() {}

    @Override
    public String name() {
        return "export";
    }

    @Override
    public String description() {
        return ExportCommand.DESCRIPTION;
    }

    @Override
    public Object command(Terminal terminal) {
        return new ExportCommand(terminal);
    }
}
