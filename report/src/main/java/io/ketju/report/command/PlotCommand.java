package io.ketju.report.command;

import io.ketju.actors.checkpoint.Checkpoint;
import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.run.SavedModels;
import io.ketju.actors.run.TrainedModel;
import io.ketju.deploy.command.CommandLineInterface;
import io.ketju.deploy.command.SavedRun;
import io.ketju.deploy.display.Terminal;
import io.ketju.report.RunReport;
import io.ketju.report.gather.RunFacts;
import io.ketju.report.gather.RunPictures;
import io.ketju.report.picture.PictureFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ketju plot}: every picture of a run as a file. */
@Command(
        name = "plot",
        description = PlotCommand.DESCRIPTION,
        sortOptions = false,
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ketju plot runs/fashion-lenet-1",
            "  ketju plot runs/fashion-lenet-1 --png --out pictures",
            "  ketju plot runs/fashion-lenet-1 --report"
        })
final class PlotCommand implements Callable<Integer> {
    static final String DESCRIPTION = "Write the pictures of a saved run, a file each, or its report.";

    private final Terminal terminal;

    @Parameters(paramLabel = "RUN", description = "Folder of the run.")
    @SuppressWarnings("NullAway.Init") // picocli sets it: it is required
    private Path run;

    @Option(names = "--svg", description = "SVG files; what it writes by itself.")
    private boolean svg;

    @Option(names = "--png", description = "PNG files.")
    private boolean png;

    @Option(names = "--report", description = "Only report.html in the run's folder, of what is there now.")
    private boolean report;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Where pictures go; made if absent, files that are there are replaced. Without it: RUN/pictures.")
    private @Nullable Path out;

    @Option(
            names = "--data",
            paramLabel = "DATA",
            description = "Where the data of the run is now, if not where it was.")
    private @Nullable String data;

    PlotCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (report && (svg || png || out != null)) {
            throw new InvalidJobException("--report: expected no --svg, --png or --out beside it, found one");
        }
        SavedRun saved = SavedRun.open(run, data, null);
        RunDirectory directory = saved.directory();
        Checkpoint newest = SavedRun.newest(directory);
        try (TrainedModel model = SavedModels.load(saved.job(), newest.directory())) {
            RunPictures pictures = RunPictures.of(RunFacts.of(saved.job(), directory.path(), newest), model);
            if (report) {
                terminal.print(List.of("Wrote " + RunReport.write(pictures)));
            } else {
                terminal.print(write(pictures, out == null ? directory.path().resolve("pictures") : out));
            }
        }
        return CommandLineInterface.OK;
    }

    private List<String> write(RunPictures pictures, Path folder) {
        List<String> endings = new ArrayList<>();
        if (svg || !png) {
            endings.add(".svg");
        }
        if (png) {
            endings.add(".png");
        }
        List<String> lines = new ArrayList<>();
        PictureFiles.write(pictures, folder, endings)
                .forEach((file, title) -> lines.add("Wrote " + file + ": " + title));
        return lines;
    }
}
