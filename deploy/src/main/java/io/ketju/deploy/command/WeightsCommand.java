package io.ketju.deploy.command;

import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.data.safetensors.ShardIndex;
import io.ketju.deploy.display.Terminal;
import io.ketju.deploy.display.WeightTable;
import io.ketju.layers.optimizer.Glob;
import io.ketju.pipeline.stage.StageState;
import io.ketju.tensor.Excerpt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ketju weights}: what tensors a file or a run holds. */
@Command(
        name = "weights",
        description = "Show what tensors a .safetensors file or a run holds: names, shapes, types, ranges.",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ketju weights model.safetensors",
            "  ketju weights runs/fashion-lenet-1 '*.weight'     of its newest checkpoint",
            "  ketju weights gpt2.safetensors --from-gpt2 gpt.safetensors",
            "  ketju weights runs/gpt-1 --to-gpt2 gpt",
            "  ketju weights runs/gpt-1 --shards parts --shard-size 500MB"
        })
final class WeightsCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(
            paramLabel = "FILE|RUN",
            description = "A safetensors file, the index of several, or the folder of a run.")
    @SuppressWarnings("NullAway.Init") // picocli sets it: it is required
    private Path source;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "NAMES",
            description = "Only tensors whose names match; '*' stands for any letters, '?' for one.")
    private @Nullable String names;

    @Option(names = "--optimizer", description = "Of a run also what its optimizer keeps.")
    private boolean optimizer;

    @Mixin
    private final WeightsConversions conversions = new WeightsConversions();

    WeightsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Optional<List<String>> converted = conversions.run(source, terminal);
        if (converted.isPresent()) {
            terminal.print(converted.get());
            return CommandLineInterface.OK;
        }
        WeightTable table = WeightTable.of(files(), this::shown);
        if (table.isEmpty()) {
            throw new InvalidJobException(Excerpt.ofPath(source) + ": expected tensors"
                    + (names == null ? "" : " named '" + Excerpt.of(names) + "'") + ", found none");
        }
        terminal.print(table.lines(terminal));
        return CommandLineInterface.OK;
    }

    private List<Path> files() {
        if (ShardIndex.isIndex(source)) {
            return ShardIndex.shards(source);
        }
        boolean run = Files.isDirectory(source);
        if (optimizer && !run) {
            throw new InvalidJobException(
                    "--optimizer: expected the folder of a run beside it, found " + Excerpt.ofPath(source));
        }
        return run ? SavedRun.newest(RunDirectory.open(source)).files() : List.of(source);
    }

    private boolean shown(String name) {
        boolean kept = optimizer || !name.startsWith(StageState.OPTIMIZER);
        return kept && (names == null || Glob.matches(names, name));
    }
}
