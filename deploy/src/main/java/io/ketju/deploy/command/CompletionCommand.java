package io.ketju.deploy.command;

import io.ketju.deploy.display.Terminal;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** {@code ketju completion}: what a shell needs to complete commands and options. */
@Command(
        name = "completion",
        description = "Print a script that completes commands and options in bash and zsh.",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(ketju completion)",
            "  ketju completion > ~/.local/share/bash-completion/completions/ketju"
        })
final class CompletionCommand implements Callable<Integer> {
    private final Terminal terminal;

    CompletionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        terminal.out().println(AutoComplete.bash("ketju", CommandLineInterface.whole(terminal)));
        return CommandLineInterface.OK;
    }
}
