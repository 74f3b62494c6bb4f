package io.ketju.deploy.command;

import io.ketju.deploy.display.Terminal;

/**
 * A command of another module, found by {@link java.util.ServiceLoader}, so that nothing here depends on it. What it throws
 * becomes one line and an exit code as for all commands ({@link CommandLineInterface}).
 */
public interface AddedCommand {
    /** What is typed. */
    String name();

    /** One line for the list of commands. */
    String description();

    /** An object with picocli's annotations that is a {@code Callable<Integer>}: its result is the exit code. */
    Object command(Terminal terminal);
}
