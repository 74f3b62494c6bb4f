package io.ketju.records.text;

import io.ketju.actors.job.InitialState;
import io.ketju.actors.job.TrainingJob;
import io.ketju.data.Dataset;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.ParameterGroup;
import io.ketju.layers.optimizer.Penalty;
import io.ketju.pipeline.Objective;
import io.ketju.pipeline.StepRules;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.ReplicaCounts;
import io.ketju.tensor.Plural;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is being trained, on what, and where: the first lines of a run. */
public final class JobHeader {
    private JobHeader() {}

    /**
     * All of them.
     *
     * @param title what happens to the job: {@code Training}
     * @param job any
     * @param machine what computes: see {@link Machine}
     * @return the first with the title, then a line for each thing, its name first
     */
    public static List<String> lines(String title, TrainingJob job, String machine) {
        Dataset train = job.data().train();
        Dataset test = job.data().test();
        List<String> lines = new ArrayList<>();
        lines.add(title + " " + job.name());
        lines.add(field("data") + job.data().reference() + ": " + Units.count(train.size()) + " train and "
                + Units.count(test.size()) + " test " + Plural.word(test.size(), "sample") + " " + train.inputShape()
                + (train.classes() > 0 ? ", " + Plural.of(train.classes(), "class") : ""));
        int layers = job.model().nodes().size();
        lines.add(field("model") + job.source().name() + ": " + Plural.of(layers, "layer") + ", "
                + Units.count(job.model().parameterCount()) + " "
                + Plural.word(job.model().parameterCount(), "parameter"));
        lines.add(field("by") + job.optimizer().spec() + ", "
                + job.learningRateSchedule().spec() + ", "
                + rules(job.pipeline().recipe().rules())
                + job.loss().spec() + ", seed " + job.seed());
        List<ParameterGroup> groups = job.pipeline().recipe().groups();
        if (!groups.isEmpty()) {
            lines.add(field("groups")
                    + groups.stream().map(ParameterGroup::toString).collect(Collectors.joining(", ")));
        }
        List<Penalty> penalties = job.pipeline().recipe().rules().penalties();
        if (!penalties.isEmpty()) {
            lines.add(field("penalties")
                    + penalties.stream().map(Penalty::toString).collect(Collectors.joining(", ")));
        }
        for (Objective objective : job.pipeline().recipe().objectives()) {
            lines.add(field("objective") + objective(objective));
        }
        job.initialState().ifPresent(state -> lines.add(field("start") + start(state)));
        lines.add(field("for") + Plural.of(job.epochs(), "epoch") + " of " + Units.count(job.stepsPerEpoch()) + " "
                + Plural.word(job.stepsPerEpoch(), "step") + ", batch " + batch(job));
        lines.add(field("pipeline") + stages(job) + ", " + job.schedule().name() + ", "
                + Plural.of(job.microbatches(), "micro-batch")
                + groups(job)
                + job.pipeline()
                        .wire()
                        .rounding()
                        .map(wire -> ", " + wire + " between stages")
                        .orElse(""));
        lines.add(field("machine") + machine);
        Optional<Path> folder = job.runDirectory();
        job.notes().forEach(note -> lines.add(field("note") + note));
        folder.ifPresent(path -> lines.add(field("run") + path));
        return lines;
    }

    private static String rules(StepRules rules) {
        return rules.clipGradNorm()
                        .map(bound -> "gradient norm up to " + bound + ", ")
                        .orElse("")
                + rules.clipGradValue()
                        .map(bound -> "gradients up to " + bound + ", ")
                        .orElse("")
                + (rules.skips() ? "steps without finite gradients skipped, " : "")
                + rules.average()
                        .map(kept -> "weights averaged by " + kept.rule().spec() + ", ")
                        .orElse("");
    }

    /** Which losses it minimises by which parameters, and its rates where they change. */
    private static String objective(Objective objective) {
        String rates = objective.rates().equals(new ConstantLR())
                ? ""
                : ", " + objective.rates().spec();
        return objective.name() + ": " + String.join(" + ", objective.heads()) + " by "
                + String.join(", ", objective.parameters()) + rates;
    }

    private static String start(InitialState state) {
        return switch (state.kind()) {
            case WEIGHTS -> "weights of " + state.path();
            case RUN ->
                "weights and optimizer of " + state.path() + " after " + Units.count(state.optimizerSteps()) + " "
                        + Plural.word(state.optimizerSteps(), "step");
        };
    }

    /** {@code 64}, or {@code 4 x 64} where a step is over several. */
    private static String batch(TrainingJob job) {
        return job.accumulate() == 1
                ? Integer.toString(job.batchSize())
                : job.accumulate() + " x " + job.batchSize() / job.accumulate();
    }

    /** Nothing where all micro-batches are one group. */
    private static String groups(TrainingJob job) {
        int groups = job.pipeline().recipe().gradientGroups().count();
        return groups == 1 ? "" : " in " + groups + " gradient groups";
    }

    /**
     * Over what a job is spread.
     *
     * @param job any
     * @return {@code 4 stages on 2 ranks}
     */
    public static String stages(TrainingJob job) {
        Placement placement = job.pipeline().placement();
        return Plural.of(job.stages(), "stage")
                + replicas(placement.counts())
                + (job.pipeline().sharesState() ? ", which share the optimizer's state" : "")
                + (placement.isOneEach() ? "" : " on " + Plural.of(placement.ranks(), "rank"));
    }

    private static String replicas(ReplicaCounts counts) {
        return counts.alike()
                ? counts.several() ? " in each of " + counts + " replicas" : ""
                : " with " + counts + " replicas";
    }

    /**
     * Where the text of a line goes on in the next one.
     *
     * @param line as {@link #lines} makes them, or any other
     * @return columns: under the value of a field, else a little to the right
     */
    public static int indent(String line) {
        return line.startsWith("  ") ? field("").length() : 2;
    }

    /**
     * The first column of the header, of the result and of {@code ketju info}.
     *
     * @param name what the line is about
     * @return as wide as all of them
     */
    public static String field(String name) {
        return "  " + name + " ".repeat(Math.max(1, 10 - name.length()));
    }
}
