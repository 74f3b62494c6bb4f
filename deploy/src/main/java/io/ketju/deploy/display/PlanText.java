package io.ketju.deploy.display;

import io.ketju.actors.job.TrainingJob;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.schedule.Overlap;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.pipeline.schedule.ScheduleSimulation;
import io.ketju.pipeline.schedule.ScheduleSimulator;
import io.ketju.pipeline.schedule.SimulationCosts;
import io.ketju.pipeline.stage.StagePlan;
import io.ketju.records.text.JobHeader;
import io.ketju.records.text.Units;
import io.ketju.records.timeline.ActionText;
import io.ketju.records.timeline.Timeline;
import io.ketju.tensor.Plural;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A job's stage table, its schedule as a picture, and what the simulator says about it. */
public final class PlanText {
    private PlanText() {}

    /** All of it; a schedule that is wider than the terminal is not cut: it is the plan. */
    public static List<String> lines(TrainingJob job, Terminal terminal) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.addAll(StageTable.lines(job, terminal));
        boolean overlaps = job.pipeline().overlap().isPresent();
        int windows = Timeline.windows(job.pipeline());
        SchedulePlan plan = job.pipeline().picture(windows);
        lines.add("");
        lines.addAll(terminal.text(job.schedule().name() + ", " + JobHeader.stages(job) + ", "
                + Plural.of(plan.microbatches(), "micro-batch")
                + (overlaps ? " of " + Plural.of(windows, "update") + " from one drain to the next" : "")
                + "; one column is one action (" + kinds(plan) + "), a dot is idle"));
        plan.table().lines().forEach(lines::add);
        ScheduleSimulation unit = ScheduleSimulator.simulate(plan, SimulationCosts.UNIT);
        ScheduleSimulation model = ScheduleSimulator.simulate(plan, SimulationCosts.MODEL);
        lines.add("");
        List<String> figures = new ArrayList<>();
        figures.add(JobHeader.field("makespan") + number(unit.makespan()) + " columns; " + number(model.makespan())
                + " when a backward takes 2 forwards and a step nothing");
        figures.add(JobHeader.field("bubble") + Units.percent(unit.bubble()) + "; " + Units.percent(model.bubble())
                + " when a backward takes 2 forwards and a step nothing");
        figures.add(JobHeader.field("in flight")
                + unit.peakInFlight().stream().map(String::valueOf).collect(Collectors.joining(", "))
                + (plan.equals(plan.withoutRecomputation())
                        ? " micro-batches at most, by stage"
                        : " micro-batches at most with what their forward made, by stage"));
        List<StagePlan> stages = StagePlan.all(job.pipeline());
        if (overlaps) {
            Overlap overlap = job.pipeline().overlap().orElseThrow();
            figures.add(JobHeader.field("delay")
                    + overlap.delays().stream().map(String::valueOf).collect(Collectors.joining(", "))
                    + " updates that weights may be old, by stage");
        }
        figures.addAll(cuts(stages, job.stages()));
        figures.addAll(memory(stages, job.copiesWhereKept()));
        figures.addAll(learning(job));
        figures.forEach(figure -> lines.addAll(terminal.text(figure)));
        return lines;
    }

    /** What the letters in a plan say. */
    private static String kinds(SchedulePlan plan) {
        return plan.kinds().stream()
                .map(kind -> kind + " " + ActionText.kind(kind))
                .collect(Collectors.joining(", "));
    }

    /** What crosses each cut of a pipeline of so many stages with one micro-batch, the largest that comes. */
    private static List<String> cuts(List<StagePlan> plans, int stages) {
        List<String> lines = new ArrayList<>();
        for (int i = 1; i < stages; i++) {
            lines.add(JobHeader.field(lines.isEmpty() ? "cuts" : "") + "stage " + (i - 1) + " to " + i + ": "
                    + Units.bytes(plans.get(i - 1).activationBufferBytes()) + " of activations, "
                    + Units.bytes(plans.get(i).gradientBufferBytes()) + " of gradients with a micro-batch");
        }
        return lines;
    }

    /**
     * What one micro-batch in flight takes on each stage, and what it would take if no two tensors shared a place; then all
     * memory, and that of the copies which checkpoints are written from.
     */
    private static List<String> memory(List<StagePlan> plans, boolean copies) {
        List<String> lines = new ArrayList<>();
        for (StagePlan plan : plans) {
            String unshared = plan.unsharedSlotBytes() == plan.slotBytes()
                    ? ""
                    : " (" + Units.bytes(plan.unsharedSlotBytes()) + " unshared)";
            lines.add(JobHeader.field(lines.isEmpty() ? "slots" : "") + "stage " + plan.stage() + ": " + plan.slots()
                    + " x " + Units.bytes(plan.slotBytes()) + unshared
                    + (plan.recomputes() ? ", of " + plan.inFlight() + " micro-batches; forwards run again" : ""));
        }
        lines.addAll(gradients(plans));
        lines.add(JobHeader.field("memory")
                + Units.bytes(plans.stream().mapToLong(StagePlan::bytes).sum()) + " in all stages"
                + (copies
                        ? ", and a copy of "
                                + Units.bytes(plans.stream()
                                        .mapToLong(StagePlan::copyBytes)
                                        .sum())
                                + " for checkpoints of a run that is kept"
                        : ""));
        return lines;
    }

    /** Where groups of micro-batches add up their gradients by themselves: the sums that are open at once, one of them the whole. */
    private static List<String> gradients(List<StagePlan> plans) {
        List<String> lines = new ArrayList<>();
        for (StagePlan plan : plans) {
            if (plan.gradientPlaces() > 1) {
                lines.add(JobHeader.field(lines.isEmpty() ? "gradients" : "") + "stage " + plan.stage() + ": "
                        + Units.bytes(plan.gradientBytes()) + " in " + plan.gradientPlaces()
                        + (plan.gradientPlaces() == 2
                                ? " sums, that of all groups and one of a group"
                                : " sums, that of all groups and those of groups"));
            }
        }
        return lines;
    }

    /** How many parameters learn and how, where they do not all do the same. */
    private static List<String> learning(TrainingJob job) {
        Recipe recipe = job.pipeline().recipe();
        List<String> lines = new ArrayList<>();
        if (!recipe.groups().isEmpty()) {
            List<StagePlan> plans = StagePlan.all(job.pipeline());
            long learn = plans.stream().mapToLong(StagePlan::parameters).sum();
            long frozen = plans.stream().mapToLong(StagePlan::frozen).sum();
            lines.add(JobHeader.field("learning") + Units.count(learn)
                    + (learn == 1 ? " parameter learns, " : " parameters learn, ") + Units.count(frozen)
                    + (frozen == 1 ? " is" : " are") + " frozen");
            recipe.groups().forEach(group -> lines.add(JobHeader.field("") + group));
            lines.add(JobHeader.field("") + "all others: " + recipe.optimizer().spec());
        }
        return lines;
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString(Math.round(value)) : String.format(Locale.ROOT, "%.1f", value);
    }
}
