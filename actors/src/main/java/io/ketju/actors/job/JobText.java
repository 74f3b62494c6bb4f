package io.ketju.actors.job;

import com.typesafe.config.ConfigUtil;
import io.ketju.actors.weights.Strictness;
import io.ketju.actors.weights.WeightMapping;
import io.ketju.data.Datasets;
import io.ketju.data.table.TableDataset;
import io.ketju.layers.loss.Metric;
import io.ketju.layers.loss.Metrics;
import io.ketju.layers.model.Head;
import io.ketju.layers.model.InitialValues;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.model.zoo.Models;
import io.ketju.pipeline.Objective;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.StepRules;
import io.ketju.pipeline.schedule.ReplicaCounts;
import io.ketju.pipeline.stage.Recompute;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Prints a job as the one canonical job file that reads back to an equal job. A run directory keeps it as {@code
 * job.conf}; the run's own folder and the run that it continued are not part of it, so a folder can be moved.
 */
public final class JobText {
    private static final Pattern OPTIMIZER_STEPS =
            Pattern.compile("^" + JobKey.FROM_STEPS.path() + " = (\\d{1,18})$", Pattern.MULTILINE);

    /** What stands for data made in code. */
    private static final String CUSTOM = "custom";

    private JobText() {}

    /**
     * Prints a job.
     *
     * @param job any; data made in code and layers of a program's own are named, but cannot be read back
     * @return the whole file, with its last line end
     */
    public static String print(TrainingJob job) {
        StringBuilder text = new StringBuilder();
        line(text, JobKey.NAME, quoted(job.name()));
        model(text, job);
        line(text, JobKey.DATA, quoted(job.datasets().map(DataSource::reference).orElse(CUSTOM)));
        job.datasets().ifPresent(data -> columns(text, data));
        line(text, JobKey.LOSS, quoted(job.loss().spec()));
        metrics(text, job);
        line(text, JobKey.OPTIMIZER, quoted(job.optimizer().spec()));
        list(text, JobKey.PARAMETER_GROUPS, job.pipeline().recipe().groups());
        objectives(text, job.pipeline().recipe().objectives());
        line(
                text,
                JobKey.LEARNING_RATE_SCHEDULE,
                quoted(job.learningRateSchedule().spec()));
        rules(text, job.pipeline().recipe().rules());
        job.bestEpoch()
                .ifPresent(rule -> line(
                        text,
                        rule.patience().isPresent() ? JobKey.EARLY_STOPPING : JobKey.BEST_CHECKPOINT,
                        quoted(rule)));
        if (job.histogramEpochs() > 0) {
            line(text, JobKey.HISTOGRAMS, job.histogramEpochs());
        }
        line(text, JobKey.SCHEDULE, quoted(job.pipeline().scheduleText()));
        line(text, JobKey.STAGE_BOUNDS, job.pipeline().partition().bounds());
        replicas(text, job.pipeline());
        if (!job.pipeline().recomputing().isEmpty()) {
            line(text, JobKey.RECOMPUTE, new Recompute.Stages(job.pipeline().recomputing()));
        }
        job.pipeline().wire().rounding().ifPresent(wire -> line(text, JobKey.WIRE, wire));
        int accumulate = job.accumulate();
        line(text, JobKey.BATCH, job.batchSize() / accumulate);
        line(text, JobKey.MICROBATCHES, job.microbatches() / accumulate);
        if (accumulate > 1) {
            line(text, JobKey.ACCUMULATE, accumulate);
        }
        int groups = job.pipeline().recipe().rules().gradientGroups();
        if (groups > 1) {
            line(text, JobKey.GRADIENT_GROUPS, groups);
        }
        line(text, JobKey.EPOCHS, job.epochs());
        line(text, JobKey.SEED, job.seed());
        line(text, JobKey.THREADS, job.threads());
        checkpoints(text, job.checkpoints());
        if (job.traced()) {
            line(text, JobKey.TRACE, true);
        }
        if (job.maxRestarts() != TrainingJob.USUAL_RESTARTS) {
            line(text, JobKey.MAX_RESTARTS, job.maxRestarts());
        }
        job.rebalance().ifPresent(rule -> line(text, JobKey.REBALANCE, quoted(rule)));
        job.initialState().ifPresent(state -> initialState(text, state));
        return text.toString();
    }

    private static void replicas(StringBuilder text, PipelineSpec spec) {
        ReplicaCounts counts = spec.counts();
        if (counts.several()) {
            line(text, JobKey.REPLICAS, counts.alike() ? counts.most() : counts.ofStage());
        }
        if (spec.sharesState()) {
            line(text, JobKey.SHARD_OPTIMIZER, true);
        }
    }

    private static void checkpoints(StringBuilder text, JobCheckpoints checkpoints) {
        line(text, JobKey.CHECKPOINT_EPOCHS, checkpoints.epochs());
        if (checkpoints.steps() > 0) {
            line(text, JobKey.CHECKPOINT_EVERY, checkpoints.steps());
        }
        if (checkpoints.kept() != JobCheckpoints.USUAL.kept()) {
            line(text, JobKey.CHECKPOINTS_KEPT, checkpoints.kept());
        }
        checkpoints.copies().ifPresent(every -> line(text, JobKey.COPY_EVERY, every));
    }

    private static void rules(StringBuilder text, StepRules rules) {
        rules.clipGradNorm().ifPresent(bound -> line(text, JobKey.CLIP_GRAD_NORM, bound));
        rules.clipGradValue().ifPresent(bound -> line(text, JobKey.CLIP_GRAD_VALUE, bound));
        if (rules.skips()) {
            line(text, JobKey.NON_FINITE_GRADIENTS, rules.nonFinite());
        }
        if (rules.tellsGradNorm()) {
            line(text, JobKey.GRAD_NORM, true);
        }
        list(text, JobKey.PENALTIES, rules.penalties());
        rules.average()
                .ifPresent(kept -> line(text, JobKey.AVERAGE, quoted(kept.rule().spec())));
    }

    /**
     * The optimizer steps that a printed job began with.
     *
     * @param text of {@link #print}
     * @return 0 without a line that says so
     */
    public static long optimizerSteps(String text) {
        Matcher line = OPTIMIZER_STEPS.matcher(text);
        return line.find() ? Long.parseLong(line.group(1)) : 0;
    }

    private static void initialState(StringBuilder text, InitialState state) {
        switch (state.kind()) {
            case WEIGHTS -> {
                line(text, JobKey.INIT, quoted(state.path()));
                line(text, JobKey.INIT_SHA256, quoted(state.sha256()));
                mapping(text, state.mapping());
            }
            case RUN -> {
                line(text, JobKey.FROM, quoted(state.path()));
                line(text, JobKey.FROM_SHA256, quoted(state.sha256()));
                line(text, JobKey.FROM_STEPS, state.optimizerSteps());
            }
        }
    }

    private static void mapping(StringBuilder text, WeightMapping mapping) {
        if (mapping.strictness() != Strictness.STRICT) {
            line(text, JobKey.INIT_FIT, mapping.strictness().text());
        }
        list(text, JobKey.INIT_RENAME, mapping.renames());
    }

    /** Those that are read of a table; of one that is known by name they go without saying. */
    private static void columns(StringBuilder text, DataSource data) {
        boolean named = Datasets.NAMES.contains(data.reference()) || DataForms.isForm(data.reference());
        if (data.train() instanceof TableDataset table && !named) {
            line(text, JobKey.TARGETS, list(table.choice().targets()));
            if (!table.choice().features().isEmpty()) {
                line(text, JobKey.FEATURES, list(table.choice().features()));
            }
        }
    }

    private static String list(List<String> texts) {
        return texts.stream().map(JobText::quoted).collect(Collectors.joining(", ", "[", "]"));
    }

    /** Those of the only loss, unless they are the usual, or those that the model brings; several heads say theirs themselves. */
    private static void metrics(StringBuilder text, TrainingJob job) {
        List<Head> own = job.source().model().heads();
        List<Metric> chosen = job.model().heads().getFirst().metrics();
        List<Metric> brought =
                own.isEmpty() ? Metrics.usual(job.loss()) : own.getFirst().metrics();
        if (own.size() < 2 && !chosen.equals(brought)) {
            List<String> names = chosen.stream().map(Metric::text).toList();
            line(text, JobKey.METRICS, chosen.isEmpty() ? Metrics.NONE : list(names));
        }
    }

    private static void model(StringBuilder text, TrainingJob job) {
        Model model = job.source().model();
        Optional<List<InitialValues>> beyond = beyond(job.source());
        if (beyond.isPresent()) {
            line(text, JobKey.MODEL_NAME, quoted(job.source().name()));
            list(text, JobKey.MODEL_INIT, beyond.get());
            return;
        }
        line(text, JobKey.MODEL_INPUT, Arrays.toString(model.inputShape().toArray()));
        list(text, JobKey.MODEL_LAYERS, ModelText.print(model));
    }

    /** What initial values a model has beyond those of its name; empty if the name gives other layers, or none. */
    private static Optional<List<InitialValues>> beyond(ModelSource source) {
        try {
            Model named = Models.named(source.name());
            List<InitialValues> all = source.model().initial();
            List<InitialValues> more = all.subList(Math.min(named.initial().size(), all.size()), all.size());
            boolean same = ModelText.print(named.apply(more)).equals(ModelText.print(source.model()));
            return same ? Optional.of(more) : Optional.empty();
        } catch (IllegalArgumentException e) {
            // Layers made in code, under a name of their own.
            return Optional.empty();
        }
    }

    private static void line(StringBuilder text, JobKey key, Object value) {
        text.append(key.path()).append(" = ").append(value).append('\n');
    }

    /** One line for each, in the order in which they come in a step; nothing if there are none. */
    private static void objectives(StringBuilder text, List<Objective> objectives) {
        if (!objectives.isEmpty()) {
            text.append(objectives.stream()
                    .map(one ->
                            "  { name = " + quoted(one.name()) + ", heads = " + list(one.heads()) + ", parameters = "
                                    + list(one.parameters()) + ", " + JobKey.LEARNING_RATE_SCHEDULE.path() + " = "
                                    + quoted(one.rates().spec()) + " }")
                    .collect(Collectors.joining(",\n", JobKey.OBJECTIVES.path() + " = [\n", "\n]\n")));
        }
    }

    /** One line for each; nothing if there are none. */
    private static void list(StringBuilder text, JobKey key, List<?> values) {
        if (!values.isEmpty()) {
            text.append(values.stream()
                    .map(value -> "  " + quoted(value))
                    .collect(Collectors.joining(",\n", key.path() + " = [\n", "\n]\n")));
        }
    }

    private static String quoted(Object value) {
        return ConfigUtil.quoteString(value.toString());
    }
}
