package io.ketju.deploy.command;

import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.trace.TraceFile;
import io.ketju.data.BadDataException;
import io.ketju.deploy.display.ChromeTrace;
import io.ketju.deploy.display.Terminal;
import io.ketju.deploy.display.TraceText;
import io.ketju.pipeline.trace.ClockOffsets;
import io.ketju.pipeline.trace.ProcessTrace;
import io.ketju.pipeline.trace.TraceAnalysis;
import io.ketju.records.timeline.Timeline;
import io.ketju.records.timeline.TimelineSvg;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ketju trace}: where the time of a traced run went. */
@Command(
        name = "trace",
        description = "Show where the time of a run went that was trained with --trace.",
        sortOptions = false,
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ketju train --trace",
            "  ketju trace runs/fashion-lenet-1",
            "  ketju trace runs/fashion-lenet-1 --json trace.json",
            "  ketju trace runs/fashion-lenet-1 --svg trace.svg"
        })
final class TraceCommand implements Callable<Integer> {
    /** Steps in a picture. */
    private static final int STEPS = 3;

    private final Terminal terminal;

    @Parameters(paramLabel = "RUN", description = "Folder of the run.")
    @SuppressWarnings("NullAway.Init") // picocli sets it: it is required
    private Path run;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write all of it for a trace viewer too, such as ui.perfetto.dev.")
    private @Nullable Path json;

    @Option(names = "--svg", paramLabel = "FILE", description = "Draw some steps from the middle of the run.")
    private @Nullable Path svg;

    TraceCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Path folder = RunDirectory.open(run).path();
        List<Path> files = TraceFile.in(folder);
        if (files.isEmpty()) {
            throw new InvalidJobException(folder
                    + ": expected a trace, " + TraceFile.of(folder, 0).getFileName()
                    + " or more, found none; a run with --trace that has ended has one");
        }
        List<ProcessTrace> processes =
                ClockOffsets.aligned(files.stream().map(TraceFile::read).toList());
        terminal.print(TraceText.lines(TraceAnalysis.report(processes), terminal));
        if (json != null) {
            try {
                ChromeTrace.write(json, processes);
            } catch (IOException e) {
                throw BadDataException.unwritable(json.toString(), e);
            }
        }
        if (svg != null) {
            try {
                TimelineSvg.write(svg, Timeline.of("Steps of " + folder.getFileName(), processes, STEPS));
            } catch (IOException e) {
                throw BadDataException.unwritable(svg.toString(), e);
            }
        }
        return CommandLineInterface.OK;
    }
}
