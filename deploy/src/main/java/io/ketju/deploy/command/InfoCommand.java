package io.ketju.deploy.command;

import static io.ketju.records.text.JobHeader.field;

import io.ketju.actors.checkpoint.Checkpoint;
import io.ketju.actors.checkpoint.Staleness;
import io.ketju.actors.job.BestEpoch;
import io.ketju.deploy.display.ResultLines;
import io.ketju.deploy.display.StageTable;
import io.ketju.deploy.display.Terminal;
import io.ketju.deploy.display.TraceText;
import io.ketju.records.text.JobHeader;
import io.ketju.records.text.Machine;
import io.ketju.records.text.Units;
import io.ketju.tensor.Plural;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ketju info}: what a run directory holds. */
@Command(
        name = "info",
        description = "Show what a saved run is: its job, its progress, its newest checkpoint.",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExample:%n",
        footer = "  ketju info runs/fashion-lenet-1")
final class InfoCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "RUN", description = "Folder of the run.")
    @SuppressWarnings("NullAway.Init") // picocli sets it: it is required
    private Path run;

    InfoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        SavedRun saved = SavedRun.open(run, null, null);
        Optional<Checkpoint> newest = saved.directory().newest();
        terminal.printText(JobHeader.lines(
                "Run of", saved.job(), Machine.describe(saved.job().threads())));
        terminal.print(List.of(""));
        terminal.print(StageTable.lines(saved.job(), terminal));
        terminal.print(List.of(""));
        List<String> lines = new ArrayList<>();
        lines.add(field("steps")
                + newest.map(checkpoint -> Units.count(checkpoint.step())).orElse("0") + " of "
                + Units.count(saved.job().totalSteps()));
        lines.add(field("newest")
                + newest.map(checkpoint -> checkpoint.directory().toString()).orElse("no checkpoint yet"));
        newest.flatMap(checkpoint -> BestEpoch.in(checkpoint.manifest().progress()))
                .ifPresent(best -> lines.add(
                        field("best") + ResultLines.best(best, saved.job()).orElse("epoch " + best.epoch())));
        newest.ifPresent(checkpoint -> lines.add(field("numerics") + "job "
                + ResultLines.shortHash(checkpoint.manifest().jobHash()) + ", arithmetic "
                + ResultLines.shortHash(checkpoint.manifest().arithmetic())));
        newest.ifPresent(checkpoint -> lines.addAll(staleness(checkpoint)));
        TraceText.data(saved.directory().path()).ifPresent(lines::add);
        Path weights = saved.directory().weights();
        lines.add(field("weights") + (Files.exists(weights) ? weights.toString() : "not written yet"));
        terminal.printText(lines);
        return CommandLineInterface.OK;
    }

    /** How old the weights were that each stage ran on, where updates overlap. */
    private static List<String> staleness(Checkpoint checkpoint) {
        List<String> lines = new ArrayList<>();
        List<SortedMap<Integer, Long>> stages = Staleness.of(checkpoint);
        for (int stage = 0; stage < stages.size(); stage++) {
            if (!stages.get(stage).isEmpty()) {
                lines.add(field(lines.isEmpty() ? "staleness" : "") + "stage " + stage + ": "
                        + stages.get(stage).entrySet().stream()
                                .map(entry -> Plural.of(entry.getKey(), "update") + " old "
                                        + Units.count(entry.getValue()) + " x")
                                .collect(Collectors.joining(", ")));
            }
        }
        return lines;
    }
}
