package io.ketju.deploy.command;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.deploy.display.Terminal;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.NearWord;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

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
    private static final List<String> SHELLS = List.of("bash", "zsh");

    private final Terminal terminal;

    @Parameters(arity = "0..1", paramLabel = "SHELL", description = "bash or zsh: both take the same script.")
    private @Nullable String shell;

    CompletionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (shell != null && !SHELLS.contains(shell)) {
            throw new InvalidJobException("SHELL: expected bash or zsh, found '" + Excerpt.of(shell) + "'"
                    + NearWord.hint(NearWord.of(shell, SHELLS)));
        }
        terminal.out().println(AutoComplete.bash("ketju", CommandLineInterface.whole(terminal)));
        return CommandLineInterface.OK;
    }
}
