package io.ketju.deploy.command;

import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobKey;
import io.ketju.actors.job.Repartition;
import io.ketju.deploy.config.Setting;
import io.ketju.deploy.display.Terminal;
import io.ketju.deploy.launch.RunRequest;
import io.ketju.tensor.Excerpt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ketju repartition}: other stages for a run that goes on in another process of this machine. */
@Command(
        name = "repartition",
        description = "Have a run that goes on move layers between its stages, or stages between its workers, with all"
                + " that they have learnt, at the next step boundary. The results are the same bits.",
        sortOptions = false,
        optionListHeading = "%nOptions (one of the first three):%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ketju repartition runs/fashion-lenet-1 --stages 2",
            "  ketju repartition runs/fashion-lenet-1 --stage-bounds 0,3,8,12",
            "  ketju repartition runs/fashion-lenet-1 --workers +1",
            "",
            "It prints how long the run took no step. The run is one of train, of train --cluster or of launch;",
            "the command runs where that was started."
        })
final class RepartitionCommand implements Callable<Integer> {
    /** A run may be in the middle of a long step, or of an evaluation. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Terminal terminal;

    @Parameters(paramLabel = "RUN", description = "Folder of the run.")
    @SuppressWarnings("NullAway.Init") // picocli sets it: it is required
    private Path run;

    @Option(names = "--stages", paramLabel = "N", description = "So many stages of balanced cost.")
    private @Nullable String stages;

    @Option(
            names = "--stage-bounds",
            paramLabel = "LIST",
            description = "The first layer of every stage, then the number of layers: 0,3,8,12.")
    private @Nullable String bounds;

    @Option(
            names = "--workers",
            paramLabel = "+N|-N",
            description = "So many worker processes more, or fewer; with more of them than stages, a stage for each.")
    private @Nullable String workers;

    RepartitionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Repartition wish = wish();
        RunDirectory.open(run);
        terminal.print(List.of(new RunRequest(run, PATIENCE).ask(wish.toString())));
        return CommandLineInterface.OK;
    }

    private Repartition wish() {
        List<Repartition> wishes = new ArrayList<>();
        if (stages != null) {
            wishes.add(Repartition.stages(new Setting(JobKey.STAGES, stages, "--stages").wholeNumber(1)));
        }
        if (bounds != null) {
            wishes.add(Repartition.stageBounds(
                    new Setting(JobKey.STAGE_BOUNDS, bounds, "--stage-bounds").wholeNumbers(0)));
        }
        if (workers != null) {
            wishes.add(change(workers));
        }
        if (wishes.size() != 1) {
            throw new InvalidJobException("expected one of --stages, --stage-bounds and --workers, found "
                    + (wishes.isEmpty() ? "none" : wishes.size()));
        }
        return wishes.getFirst();
    }

    private static Repartition change(String flag) {
        if (!flag.matches("[+-][1-9]\\d{0,4}")) {
            throw new InvalidJobException(
                    "--workers: expected how many more or fewer, such as +1 or -1, found \"" + Excerpt.of(flag) + "\"");
        }
        return Repartition.workers(Integer.parseInt(flag));
    }
}
