package io.ketju.examples;

import io.ketju.deploy.command.AddedCommand;
import io.ketju.deploy.display.Terminal;

/** Adds {@code ketju example} to the command line. */
public final class ExampleCommands implements AddedCommand {
    @Override
    public String name() {
        return "example";
    }

    @Override
    public String description() {
        return ExampleCommand.DESCRIPTION;
    }

    @Override
    public Object command(Terminal terminal) {
        return new ExampleCommand(terminal);
    }
}
