package io.ketju.deploy.command;

import io.ketju.actors.checkpoint.TemporaryRuns;
import io.ketju.cluster.node.ClusterOptions;
import io.ketju.cluster.node.WorkerProcess;
import io.ketju.deploy.config.NodeKey;
import io.ketju.deploy.config.NodeSettings;
import io.ketju.deploy.display.Terminal;
import io.ketju.deploy.launch.Address;
import io.ketju.deploy.launch.ParentWatch;
import io.ketju.deploy.launch.StopOnSignal;
import io.ketju.records.text.Machine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code ketju node}: one worker JVM of a cluster. */
@Command(
        name = "node",
        description = "Start one worker of a cluster; it holds stages until it is stopped.",
        sortOptions = false,
        optionListHeading = "%nOptions, each else in the environment, else in the file of --config:%n",
        footerHeading = "%nExample, each line in a terminal of its own:%n",
        footer = {
            "  ketju node --seeds 127.0.0.1:7355",
            "  ketju node --seeds 127.0.0.1:7355",
            "  ketju train --stages 2 --cluster 127.0.0.1:7355",
            "",
            "On another host, with a certificate that ./ketju certs made:",
            "  ketju node --seeds a.example:7355,b.example:7355 --certs b.example",
            "",
            "All on one machine in one go: ketju launch --nodes 2"
        })
final class NodeCommand implements Callable<Integer> {
    /** How long a worker that holds nothing any more may take for its leave of the cluster. */
    static final Duration STOP_PATIENCE = Duration.ofSeconds(4);

    /** Behind all others in the help. */
    private static final int LAST = 100;

    private final Terminal terminal;
    private final AtomicReference<@Nullable WorkerProcess> started = new AtomicReference<>();
    private volatile boolean ending;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "A file with the settings below (HOCON, as job files are). " + NodeSettings.FILE_VARIABLE + ".")
    private @Nullable Path file;

    @Option(
            names = ParentWatch.OPTION,
            order = LAST,
            description = "End when standard input ends: for processes that another one starts. Reads no environment.")
    private boolean exitWithParent;

    private NodeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** The command, with an option for every setting. */
    static CommandSpec of(Terminal terminal) {
        CommandSpec spec = CommandSpec.forAnnotatedObject(new NodeCommand(terminal));
        for (NodeKey key : NodeKey.values()) {
            spec.addOption(OptionSpec.builder(key.flags().toArray(String[]::new))
                    .paramLabel(key.parameter())
                    .type(key.isList() ? List.class : String.class)
                    .auxiliaryTypes(String.class)
                    .arity("1")
                    .description(key.meaning() + " By default " + key.otherwise() + ". "
                            + (key.variable() + "; " + key.path()) + ".")
                    .build());
        }
        return spec;
    }

    @Override
    public Integer call() {
        Map<String, String> environment = exitWithParent ? Map.of() : System.getenv();
        NodePlan plan = NodePlan.of(
                NodeSettings.of(flags(), environment, Optional.ofNullable(file)),
                CertificateOptions.ofEnvironment(environment),
                terminal);
        if (exitWithParent) {
            ParentWatch.begin();
        }
        try (StopOnSignal signal = StopOnSignal.quiet(plan.leaveWithin().plus(STOP_PATIENCE))) {
            signal.stops(reason -> end(plan.leaveWithin()));
            serve(plan);
            if (exitWithParent) {
                TemporaryRuns.removeLeft(); // a killed parent cannot do it
            }
            return CommandLineInterface.OK;
        }
    }

    private Map<NodeKey, NodeSettings.Given> flags() {
        ParseResult parsed = spec.commandLine().getParseResult();
        Map<NodeKey, NodeSettings.Given> flags = new EnumMap<>(NodeKey.class);
        for (NodeKey key : NodeKey.values()) {
            String name = key.flags().getFirst();
            if (parsed.hasMatchedOption(name)) {
                List<String> texts = parsed.matchedOption(name).stringValues();
                flags.put(
                        key,
                        new NodeSettings.Given(
                                texts.stream()
                                        .flatMap(text -> (key == NodeKey.ROOTS
                                                        ? List.of(text)
                                                        : NodeSettings.values(key, text))
                                                .stream())
                                        .toList(),
                                typed(key, parsed.originalArgs())));
            }
        }
        return flags;
    }

    /** The name of a flag that has several, as it was typed. */
    private static String typed(NodeKey key, List<String> arguments) {
        return key.flags().stream()
                .filter(name -> arguments.stream().anyMatch(one -> one.equals(name) || one.startsWith(name + "=")))
                .findFirst()
                .orElse(key.flags().getFirst());
    }

    /** A worker that lost its cluster is followed by one that joins whatever cluster meets there next. */
    private void serve(NodePlan plan) {
        ClusterOptions options = plan.options();
        WorkerLines lines = new WorkerLines(
                String.join(",", options.seedNodes()),
                Machine.describe(plan.place().threads()));
        while (!ending) {
            try (WorkerProcess worker = WorkerProcess.start(options, plan.place(), event -> print(lines.of(event)))) {
                started.set(worker);
                if (ending) {
                    return;
                }
                worker.awaitTermination();
            }
            options = again(plan.options());
        }
    }

    /** With another port if somebody else has taken ours in the meantime: another node may meet there now. */
    private static ClusterOptions again(ClusterOptions first) {
        boolean taken = first.port() != 0 && new Address(first.host(), first.port()).answers();
        return taken ? first.withPort(0) : first;
    }

    private void print(String line) {
        terminal.out().println(line);
        terminal.out().flush();
    }

    /** From another thread: the one that waits for the end then closes the rest. */
    private void end(Duration within) {
        ending = true;
        WorkerProcess worker = started.get();
        if (worker != null) {
            worker.leave(within).thenAcceptAsync(inTime -> {
                if (!inTime) {
                    terminal.err()
                            .println("ketju: the stages were not handed over within " + within.toSeconds()
                                    + " s; their run recovers as from a loss");
                    terminal.err().flush();
                    worker.close();
                }
            });
        }
    }
}
