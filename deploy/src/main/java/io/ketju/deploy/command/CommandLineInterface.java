package io.ketju.deploy.command;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.TrainingFailedException;
import io.ketju.cluster.node.InvalidClusterException;
import io.ketju.data.BadDataException;
import io.ketju.deploy.display.Invocation;
import io.ketju.deploy.display.Terminal;
import io.ketju.deploy.launch.LogFile;
import io.ketju.layers.catalogue.Catalogue;
import io.ketju.layers.model.Blocks;
import io.ketju.layers.spec.NearestName;
import io.ketju.pipeline.catalogue.Schedules;
import io.ketju.tensor.Excerpt;
import java.io.PrintWriter;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * All commands with their error handling. Exit codes: 0 done, 1 failed while running, 2 bad input before anything
 * started, 3 by the JVM itself when its heap is full (see the launcher's flags); after a signal the JVM itself ends with 130 for Ctrl-C or 143 for SIGTERM, whatever a command returns. An
 * error is one line on standard error.
 */
public final class CommandLineInterface {
    /** Done. */
    public static final int OK = 0;

    /** Failed while running. */
    public static final int FAILED = 1;

    /** Bad input; nothing was started, no file was written. */
    public static final int BAD_INPUT = 2;

    /** Where a command begins in a line of examples. */
    private static final Pattern EXAMPLE = Pattern.compile("(?<=^  |: )ketju(?= [a-z])");

    /** picocli cannot do with less. */
    private static final int NARROWEST_HELP = 55;

    private static final int WIDEST_HELP = 120;

    /** All that lists what jobs can name. */
    static final List<Catalogue> CATALOGUES = Stream.concat(
                    Catalogue.ALL.stream(), Stream.of(Blocks.CATALOGUE, Schedules.CATALOGUE))
            .toList();

    private static final List<Subcommand> COMMANDS = Stream.concat(
                    Stream.of(
                            new Subcommand("train", TrainCommand.class, TrainCommand::new),
                            new Subcommand("evaluate", EvaluateCommand.class, EvaluateCommand::new),
                            new Subcommand("predict", PredictCommand.class, PredictCommand::new),
                            new Subcommand("neighbors", NeighborsCommand.class, NeighborsCommand::new),
                            new Subcommand("plan", PlanCommand.class, PlanCommand::new),
                            new Subcommand("lr-find", LrFindCommand.class, LrFindCommand::new),
                            new Subcommand("sample", SampleCommand.class, SampleCommand::new),
                            new Subcommand("info", InfoCommand.class, InfoCommand::new),
                            new Subcommand("weights", WeightsCommand.class, WeightsCommand::new),
                            new Subcommand("repartition", RepartitionCommand.class, RepartitionCommand::new),
                            new Subcommand("trace", TraceCommand.class, TraceCommand::new),
                            new Subcommand("runs", RunsCommand.class, RunsCommand::new),
                            new Subcommand("compare", CompareCommand.class, CompareCommand::new),
                            new Subcommand("launch", LaunchCommand.class, LaunchCommand::new),
                            new Subcommand("node", NodeCommand.class, NodeCommand::of),
                            new Subcommand("status", StatusCommand.class, StatusCommand::new),
                            new Subcommand("ping", PingCommand.class, PingCommand::new),
                            new Subcommand("certs", CertsCommand.class, CertsCommand::new),
                            new Subcommand("new", NewCommand.class, NewCommand::new),
                            new Subcommand("doctor", DoctorCommand.class, DoctorCommand::new),
                            new Subcommand("completion", CompletionCommand.class, CompletionCommand::new),
                            new Subcommand("version", VersionCommand.class, VersionCommand::new)),
                    CATALOGUES.stream().map(Subcommand::new))
            .toList();

    private CommandLineInterface() {}

    /** All commands: where the first argument is one of the product's, nobody asks what others have been added. */
    private static List<Subcommand> commands(List<String> arguments) {
        if (!arguments.isEmpty()
                && COMMANDS.stream().anyMatch(command -> command.name().equals(arguments.getFirst()))) {
            return COMMANDS;
        }
        return Stream.concat(
                        COMMANDS.stream(),
                        ServiceLoader.load(AddedCommand.class).stream()
                                .map(ServiceLoader.Provider::get)
                                .map(Subcommand::new))
                .toList();
    }

    private record Subcommand(String name, List<String> description, Function<Terminal, Object> whole) {
        Subcommand(String name, Class<?> type, Function<Terminal, Object> whole) {
            this(name, List.of(type.getAnnotation(Command.class).description()), whole);
        }

        Subcommand(Catalogue catalogue) {
            this(
                    catalogue.name(),
                    List.of(CatalogueCommand.description(catalogue)),
                    terminal -> CatalogueCommand.of(terminal, catalogue));
        }

        Subcommand(AddedCommand added) {
            this(added.name(), List.of(added.description()), added::command);
        }

        /** Enough to be listed: to read the options of all commands takes longer than most commands run. */
        CommandSpec listed() {
            CommandSpec spec = CommandSpec.create();
            spec.usageMessage().description(description.toArray(String[]::new));
            return spec;
        }
    }

    /** Runs one command line in this JVM, without ending the JVM; the exit code. */
    public static int execute(Terminal terminal, String... arguments) {
        return create(terminal, List.of(arguments)).execute(arguments);
    }

    /** Only commands that are named are made whole; where the first argument is one, no other is looked at. */
    private static CommandLine create(Terminal terminal, List<String> arguments) {
        CommandLine root = new CommandLine(new KetjuCommand(terminal));
        List<Subcommand> commands = commands(arguments);
        boolean chosen = commands.stream().anyMatch(command -> arguments.indexOf(command.name()) == 0);
        for (Subcommand command : commands) {
            int place = arguments.indexOf(command.name());
            if (chosen ? place == 0 : place > 0) {
                root.addSubcommand(command.name(), command.whole().apply(terminal));
            } else if (!chosen) {
                root.addSubcommand(command.name(), command.listed());
            }
        }
        addHelp(root);
        root.getSubcommands().values().forEach(CommandLineInterface::addHelp);
        root.getSubcommands().values().forEach(CommandLineInterface::showExamples);
        showExamples(root);
        root.setOut(new PrintWriter(terminal.out(), true, terminal.out().charset()));
        root.setErr(new PrintWriter(terminal.err(), true, terminal.err().charset()));
        root.setUsageHelpWidth(Math.clamp(terminal.columns(), NARROWEST_HELP, WIDEST_HELP));
        root.setUsageHelpAutoWidth(false);
        root.setColorScheme(CommandLine.Help.defaultColorScheme(
                terminal.colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        root.setParameterExceptionHandler((failure, rejected) -> {
            say(terminal, failure.getCommandLine(), usageError(failure));
            return BAD_INPUT;
        });
        root.setExecutionExceptionHandler((failure, command, parsed) -> report(terminal, command, failure));
        return root;
    }

    /**
     * {@return the command line with every command, also those that other modules add, and all of their options: to be completed,
     * described or checked, as its errors are not those of {@link #execute}}
     *
     * @param terminal where its commands would write
     */
    public static CommandLine whole(Terminal terminal) {
        CommandLine root = new CommandLine(new KetjuCommand(terminal));
        commands(List.of())
                .forEach(command ->
                        root.addSubcommand(command.name(), command.whole().apply(terminal)));
        addHelp(root);
        root.getSubcommands().values().forEach(CommandLineInterface::addHelp);
        return root;
    }

    private static void addHelp(CommandLine command) {
        command.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help and exit.")
                        .build());
    }

    /** Examples begin with the name that Ketju was called by. */
    private static void showExamples(CommandLine command) {
        String ketju = Invocation.ofProcess().of().replace("%", "%%"); // a footer is a format
        UsageMessageSpec usage = command.getCommandSpec().usageMessage();
        usage.footer(Stream.of(usage.footer())
                .map(line -> EXAMPLE.matcher(line).replaceAll(Matcher.quoteReplacement(ketju)))
                .toArray(String[]::new));
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
        return message.lines().collect(Collectors.joining(" ")) + hint + "; see " + help(command);
    }

    private static String help(CommandLine command) {
        Invocation ketju = Invocation.ofProcess();
        return command.getParent() == null ? ketju.of("--help") : ketju.of(command.getCommandName(), "--help");
    }
}
