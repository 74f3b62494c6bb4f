package io.ketju.deploy.command;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.TrainingFailedException;
import io.ketju.actors.run.InvalidClusterException;
import io.ketju.data.BadDataException;
import io.ketju.deploy.config.NearestName;
import io.ketju.deploy.display.Terminal;
import io.ketju.deploy.launch.LogFile;
import io.ketju.tensor.Excerpt;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * All commands with their error handling. Exit codes: 0 done, 1 failed while running, 2 bad input before anything
 * started; after a signal the JVM itself ends with 130 for Ctrl-C or 143 for SIGTERM, whatever a command returns. An
 * error is one line on standard error.
 */
public final class CommandLineInterface {
    /** Done. */
    public static final int OK = 0;

    /** Failed while running. */
    public static final int FAILED = 1;

    /** Bad input; nothing was started, no file was written. */
    public static final int BAD_INPUT = 2;

    private CommandLineInterface() {}

    /** The whole command line, ready to execute in this JVM. It never exits the JVM. */
    public static CommandLine create(Terminal terminal) {
        CommandLine root = new CommandLine(new KetjuCommand(terminal));
        root.addSubcommand(new TrainCommand(terminal));
        root.addSubcommand(new EvaluateCommand(terminal));
        root.addSubcommand(new PredictCommand(terminal));
        root.addSubcommand(new PlanCommand(terminal));
        root.addSubcommand(new SampleCommand(terminal));
        root.addSubcommand(new InfoCommand(terminal));
        root.addSubcommand(new LaunchCommand(terminal));
        root.addSubcommand(new NodeCommand(terminal));
        root.addSubcommand(new VersionCommand(terminal));
        addHelp(root);
        root.getSubcommands().values().forEach(CommandLineInterface::addHelp);
        root.setOut(new PrintWriter(terminal.out(), true, terminal.out().charset()));
        root.setErr(new PrintWriter(terminal.err(), true, terminal.err().charset()));
        root.setUsageHelpWidth(Math.clamp(terminal.columns(), 80, 120));
        root.setUsageHelpAutoWidth(false);
        root.setColorScheme(CommandLine.Help.defaultColorScheme(
                terminal.interactive() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        root.setParameterExceptionHandler((failure, arguments) -> {
            say(terminal, failure.getCommandLine(), usageError(failure));
            return BAD_INPUT;
        });
        root.setExecutionExceptionHandler((failure, command, parsed) -> report(terminal, command, failure));
        return root;
    }

    private static void addHelp(CommandLine command) {
        command.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help and exit.")
                        .build());
    }

    private static int report(Terminal terminal, CommandLine command, Exception failure) {
        return switch (failure) {
            case InvalidJobException e -> {
                say(terminal, command, e.getMessage());
                yield BAD_INPUT;
            }
            case BadDataException e -> {
                say(terminal, command, e.getMessage());
                yield BAD_INPUT;
            }
            case InvalidClusterException e -> {
                say(terminal, command, e.getMessage());
                yield BAD_INPUT;
            }
            case TrainingFailedException e -> {
                say(terminal, command, e.getCause() == null ? e.getMessage() : LogFile.logged(e));
                yield FAILED;
            }
            default -> {
                say(terminal, command, LogFile.unexpected("unexpected failure: ", failure));
                yield FAILED;
            }
        };
    }

    private static void say(Terminal terminal, CommandLine command, @Nullable String message) {
        String line = message == null
                ? "no reason given"
                : Excerpt.escaped(message.strip().replaceAll("\\s*\\R\\s*", " "));
        terminal.err().println(command.getCommandSpec().qualifiedName() + ": " + line);
        terminal.err().flush();
    }

    /** What picocli found wrong, in one line with a hint. */
    private static String usageError(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        String message = String.valueOf(failure.getMessage());
        String hint = "";
        if (failure instanceof UnmatchedArgumentException unmatched) {
            String first = unmatched.getUnmatched().getFirst();
            boolean option = first.startsWith("-");
            List<String> known = option
                    ? command.getCommandSpec().optionsMap().keySet().stream()
                            .sorted()
                            .toList()
                    : command.getSubcommands().keySet().stream().sorted().toList();
            String kind = option ? "option" : known.isEmpty() ? "argument" : "command";
            message = "unknown " + kind + " '" + Excerpt.of(first) + "'";
            hint = NearestName.hint(first, known);
        }
        return message.lines().collect(Collectors.joining(" ")) + hint + "; see '"
                + command.getCommandSpec().qualifiedName() + " --help'";
    }
}
