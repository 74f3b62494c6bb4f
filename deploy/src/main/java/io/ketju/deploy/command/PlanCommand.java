package io.ketju.deploy.command;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobKey;
import io.ketju.actors.job.TrainingJob;
import io.ketju.data.BadDataException;
import io.ketju.deploy.command.MeasureOptions.Measurement;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobSettings;
import io.ketju.deploy.config.Setting;
import io.ketju.deploy.display.ComparisonText;
import io.ketju.deploy.display.LayerTimesText;
import io.ketju.deploy.display.PlanText;
import io.ketju.deploy.display.Terminal;
import io.ketju.deploy.display.WorkersText;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.choice.LayerTimes;
import io.ketju.pipeline.choice.ScheduleChoice;
import io.ketju.pipeline.choice.ScheduleComparison;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.ReplicaCounts;
import io.ketju.records.text.JobHeader;
import io.ketju.records.text.Machine;
import io.ketju.records.timeline.Timeline;
import io.ketju.records.timeline.TimelineSvg;
import java.io.IOException;
import java.nio.file.Path;
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
            "  ketju plan --stages 2 --measure --worker-speeds 1,0.5 --worker-memory 2MiB,1MiB",
            "  ketju plan --schedule ZBV --svg plan.svg"
        })
final class PlanCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final JobOptions job = new JobOptions();

    @Mixin
    private final MeasureOptions measure = new MeasureOptions();

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
        ReplicaCounts replicas = asked.pipeline().counts();
        if (replicas.several() && (compare || measure.asked())) {
            throw new InvalidJobException(
                    (compare ? "--compare" : "--measure") + ": expected a job without replicas, whose"
                            + " pipelines are alike, found " + replicas + "; add --replicas 1");
        }
        boolean cutByHand = settings.get(JobKey.STAGE_BOUNDS).isPresent();
        measure.check(asked, cutByHand);
        Measurement known = measure.asked() ? measure.measure(asked) : Measurement.modelled(asked);
        TrainingJob planned = measure.asked() ? JobAssembly.build(measured(settings, asked.pipeline(), known)) : asked;
        terminal.printText(JobHeader.lines("Plan of", planned, Machine.describe(planned.threads())));
        if (measure.asked()) {
            terminal.print(LayerTimesText.lines(
                    planned.model(),
                    known.times(),
                    known.measured(),
                    known.between(),
                    planned.pipeline().partition(),
                    terminal));
            terminal.print(WorkersText.lines(planned.pipeline(), known.times(), known.workers(), terminal));
        }
        terminal.print(PlanText.lines(planned, terminal));
        if (compare) {
            terminal.print(ComparisonText.lines(
                    comparison(planned.pipeline(), known, cutByHand), planned.pipeline(), terminal));
        }
        if (svg != null) {
            draw(svg, planned, known.times());
        }
        return CommandLineInterface.OK;
    }

    /** The settings with what follows from the times, where the user has left it open. */
    private static JobSettings measured(JobSettings settings, PipelineSpec asked, Measurement known) {
        boolean cutByHand = settings.get(JobKey.STAGE_BOUNDS).isPresent();
        PipelineSpec best = asked;
        JobSettings chosen = settings;
        if (asked.schedule() instanceof ScheduleChoice) {
            best = comparison(asked, known, cutByHand).rows().getFirst().spec();
            chosen = chosen.with(new Setting(JobKey.SCHEDULE, best.scheduleText(), "--measure"));
        } else if (!cutByHand) {
            Partition cut = known.times().balanced(asked, known.workers()).orElseThrow(); // checked before
            best = new PipelineSpec(asked.recipe(), cut, asked.placement(), asked.schedule());
        }
        return chosen.with(new Setting(JobKey.STAGE_BOUNDS, best.partition().bounds(), "--measure"));
    }

    private static ScheduleComparison comparison(PipelineSpec spec, Measurement known, boolean cutByHand) {
        try {
            return cutByHand
                    ? ScheduleComparison.ofSameStages(spec, known.times(), known.workers())
                    : ScheduleComparison.of(spec, known.times(), known.workers());
        } catch (IllegalArgumentException e) {
            throw new InvalidJobException("--compare: " + e.getMessage(), e);
        }
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
