package io.ketju.deploy.command;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobKey;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.measure.HopMeasurement;
import io.ketju.actors.measure.LayerMeasurement;
import io.ketju.data.BadDataException;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobSettings;
import io.ketju.deploy.config.Setting;
import io.ketju.deploy.display.ComparisonText;
import io.ketju.deploy.display.JobHeader;
import io.ketju.deploy.display.LayerTimesText;
import io.ketju.deploy.display.Machine;
import io.ketju.deploy.display.PlanText;
import io.ketju.deploy.display.Terminal;
import io.ketju.deploy.display.Timeline;
import io.ketju.deploy.display.TimelineSvg;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.choice.LayerTimes;
import io.ketju.pipeline.choice.ScheduleChoice;
import io.ketju.pipeline.choice.ScheduleComparison;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ketju plan}: everything about a run that is known before it starts. */
@Command(
        name = "plan",
        description = "Show a job's stages, memory and schedule, and train nothing.",
        sortOptions = false,
        optionListHeading = "%nOptions (each wins over the job file):%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ketju plan",
            "  ketju plan jobs/mnist.conf --stages 3",
            "  ketju plan --schedule GPipe --microbatches 4",
            "  ketju plan --stages 2 --measure --compare",
            "  ketju plan --schedule ZBV --svg plan.svg"
        })
final class PlanCommand implements Callable<Integer> {
    /** Of four parts, in which layers are measured. */
    private static final Duration MEASURED = Duration.ofMillis(1500);

    private final Terminal terminal;

    @Mixin
    private final JobOptions job = new JobOptions();

    @Option(
            names = "--measure",
            description = "Time the job's layers here for some seconds, on one thread, and cut the model by that.")
    private boolean measure;

    @Option(names = "--compare", description = "Show what every schedule would make of the job on as many ranks.")
    private boolean compare;

    @Option(names = "--svg", paramLabel = "FILE", description = "Draw the plan as a picture.")
    private @Nullable Path svg;

    PlanCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        JobSettings settings = job.settings();
        TrainingJob asked = JobAssembly.build(settings);
        if (compare && asked.pipeline().overlap().isPresent()) {
            throw new InvalidJobException(
                    "--compare: expected a schedule whose updates do not overlap, as those of others"
                            + " make other numbers, found " + asked.schedule().name());
        }
        LayerTimes times = measure
                ? LayerMeasurement.of(asked, MEASURED, HopMeasurement.inThisJvm())
                : LayerTimes.modelled(asked.pipeline());
        boolean cutByHand = settings.get(JobKey.STAGE_BOUNDS).isPresent();
        TrainingJob planned = measure ? JobAssembly.build(measured(settings, asked.pipeline(), times)) : asked;
        terminal.printText(JobHeader.lines("Plan of", planned, Machine.describe(planned.threads())));
        if (measure) {
            terminal.print(LayerTimesText.lines(
                    planned.model(), times, planned.pipeline().partition(), terminal));
        }
        terminal.print(PlanText.lines(planned, terminal));
        if (compare) {
            ScheduleComparison all = cutByHand
                    ? ScheduleComparison.ofSameStages(planned.pipeline(), times)
                    : ScheduleComparison.of(planned.pipeline(), times);
            terminal.print(ComparisonText.lines(all, planned.pipeline(), terminal));
        }
        if (svg != null) {
            draw(svg, planned, times);
        }
        return CommandLineInterface.OK;
    }

    /** The settings with what follows from the times, where the user has left it open. */
    private static JobSettings measured(JobSettings settings, PipelineSpec asked, LayerTimes times) {
        boolean cutByHand = settings.get(JobKey.STAGE_BOUNDS).isPresent();
        PipelineSpec best = asked;
        JobSettings chosen = settings;
        if (asked.schedule() instanceof ScheduleChoice) {
            best = (cutByHand ? ScheduleComparison.ofSameStages(asked, times) : ScheduleComparison.of(asked, times))
                    .rows()
                    .getFirst()
                    .spec();
            chosen = chosen.with(new Setting(JobKey.SCHEDULE, best.scheduleText(), "--measure"));
        } else if (!cutByHand) {
            best = new PipelineSpec(
                    asked.recipe(), times.balanced(asked.stages()), asked.placement(), asked.schedule());
        }
        return chosen.with(new Setting(JobKey.STAGE_BOUNDS, best.partition().bounds(), "--measure"));
    }

    private static void draw(Path file, TrainingJob planned, LayerTimes times) {
        String title = planned.name() + ": " + planned.schedule().name() + ", " + JobHeader.stages(planned) + ", "
                + planned.microbatches() + " micro-batches";
        try {
            TimelineSvg.write(file, Timeline.of(title, planned.pipeline(), times));
        } catch (IOException e) {
            throw BadDataException.unwritable(file.toString(), e);
        }
    }
}
