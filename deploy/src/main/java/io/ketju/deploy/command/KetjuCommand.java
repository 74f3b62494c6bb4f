package io.ketju.deploy.command;

import io.ketju.deploy.display.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ketju} without a command prints the help. */
@Command(
        name = "ketju",
        header = "Ketju trains neural networks as pipelines of actors, in one JVM or across many.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nFirst steps:%n",
        footer = {
            "  ketju train                       train the default job: a LeNet on real Fashion-MNIST images",
            "  ketju train --stages 2 --epochs 3 the same with other settings",
            "  ketju plan                        what would run: stages, memory and the schedule's table",
            "  ketju evaluate runs/fashion-lenet-1",
            "  ketju launch --nodes 4            the default job over four processes of this machine",
            "  ketju new flowers                 a job file of your own to begin with",
            "  ketju doctor                      whether this machine has what it takes",
            "",
            "Every command has --help. Exit codes: 0 done, 1 failed while running, 2 bad input,",
            "3 out of heap memory (KETJU_JAVA_OPTS=-Xmx4g gives it more);",
            "130 Ctrl-C and 143 SIGTERM, after which train and launch have saved a checkpoint."
        })
final class KetjuCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    @Option(
            names = {"-V", "--version"},
            description = "The same as the command version.")
    private boolean version;

    KetjuCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (version) {
            return new VersionCommand(terminal).call();
        }
        CommandLine command = spec.commandLine();
        command.usage(terminal.out());
        return CommandLineInterface.OK;
    }
}
