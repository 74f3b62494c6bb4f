package io.ketju.deploy.config;

import io.ketju.actors.job.BestEpochRule;
import io.ketju.actors.job.DataForms;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.JobCheckpoints;
import io.ketju.actors.job.JobKey;
import io.ketju.actors.job.ModelSource;
import io.ketju.actors.job.Rebalance;
import io.ketju.actors.job.TrainingJob;
import io.ketju.data.Datasets;
import io.ketju.data.TrainTest;
import io.ketju.data.table.TableChoice;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.loss.Loss;
import io.ketju.layers.loss.Losses;
import io.ketju.layers.loss.Metrics;
import io.ketju.layers.model.InitialValues;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.model.zoo.Models;
import io.ketju.layers.optimizer.ClipGradNorm;
import io.ketju.layers.optimizer.ClipGradValue;
import io.ketju.layers.optimizer.LearningRateSchedules;
import io.ketju.layers.optimizer.Optimizers;
import io.ketju.layers.optimizer.ParameterGroup;
import io.ketju.layers.optimizer.Penalty;
import io.ketju.layers.optimizer.WeightAverages;
import io.ketju.layers.spec.Spec;
import io.ketju.pipeline.NonFiniteGradients;
import io.ketju.pipeline.Wire;
import io.ketju.pipeline.catalogue.Schedules;
import io.ketju.pipeline.stage.Recompute;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Shape;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Makes a validated {@link TrainingJob} of settings; every failure names the file and line, or the flag. */
public final class JobAssembly {
    private final JobSettings settings;

    private JobAssembly(JobSettings settings) {
        this.settings = settings;
    }

    /** Reads data, builds the model and checks the whole; throws {@link InvalidJobException} or a data error. */
    public static TrainingJob build(JobSettings settings) {
        return build(settings, Optional.empty());
    }

    /** As {@link #build(JobSettings)}, to continue the run in this folder. */
    public static TrainingJob build(JobSettings settings, Optional<Path> resume) {
        return new JobAssembly(settings).assemble(resume);
    }

    /** The model alone, as the settings name it. */
    public static ModelSource model(JobSettings settings) {
        return new JobAssembly(settings).model();
    }

    /** The loss alone. */
    public static Loss loss(JobSettings settings) {
        return settings.get(JobKey.LOSS)
                .map(setting -> setting.as(Losses::parse))
                .orElseGet(CrossEntropyLoss::new);
    }

    private TrainingJob assemble(Optional<Path> resume) {
        JobBuilder builder = new JobBuilder();
        // Cheap mistakes first: nothing is read from disk for a job that cannot run anyway.
        numbers(builder);
        names(builder);
        // These know their places themselves.
        builder.model(model()).data(data());
        InitialStates.of(settings, resume.isPresent()).ifPresent(builder::initialState);
        resume.ifPresent(builder::resume);
        try {
            return builder.build();
        } catch (InvalidJobException e) {
            throw placed(e);
        }
    }

    private void numbers(JobBuilder builder) {
        set(JobKey.BATCH, setting -> builder.batchSize(setting.wholeNumber(1)));
        set(JobKey.MICROBATCHES, setting -> builder.microbatches(setting.wholeNumber(1)));
        set(JobKey.ACCUMULATE, setting -> builder.accumulate(setting.wholeNumber(1)));
        set(JobKey.GRADIENT_GROUPS, setting -> builder.gradientGroups(setting.wholeNumber(1)));
        set(JobKey.EPOCHS, setting -> builder.epochs(setting.wholeNumber(1)));
        set(JobKey.SEED, setting -> builder.seed(setting.wholeNumber()));
        set(JobKey.THREADS, setting -> builder.threads(setting.wholeNumber(1)));
        builder.checkpoints(checkpoints());
        set(JobKey.HISTOGRAMS, setting -> builder.histogramsEveryEpochs(setting.wholeNumber(0)));
        set(JobKey.MAX_RESTARTS, setting -> builder.maxRestarts(setting.wholeNumber(0)));
        set(JobKey.REBALANCE, setting -> setting.as(Rebalance::parse).ifPresent(builder::rebalance));
        set(JobKey.TRACE, setting -> {
            if (setting.truth()) {
                builder.traced();
            }
        });
        set(JobKey.STAGES, setting -> builder.stages(setting.wholeNumber(1)));
        set(JobKey.REPLICAS, setting -> builder.replicas(replicas(setting)));
        set(JobKey.SHARD_OPTIMIZER, setting -> builder.shardOptimizer(setting.truth()));
        set(JobKey.STAGE_BOUNDS, setting -> builder.stageBounds(setting.wholeNumbers(0)));
        set(
                JobKey.RECOMPUTE,
                setting -> builder.recompute(
                        setting.value() instanceof String
                                ? setting.as(Recompute::parse)
                                : new Recompute.Stages(new TreeSet<>(setting.wholeNumbers(0)))));
    }

    /** One number for all stages, or a list with one for each. */
    private static int[] replicas(Setting setting) {
        return setting.value() instanceof List || setting.value().toString().contains(",")
                ? setting.wholeNumbers(1).stream().mapToInt(Integer::intValue).toArray()
                : new int[] {setting.wholeNumber(1)};
    }

    private void names(JobBuilder builder) {
        set(JobKey.WIRE, setting -> builder.wire(setting.as(Wire::parse)));
        set(JobKey.NAME, setting -> builder.name(runName(setting)));
        set(JobKey.RUN_DIR, setting -> builder.runDirectory(setting.check(() -> path(setting.text()))));
        set(JobKey.LOSS, setting -> builder.loss(setting.as(Losses::parse)));
        set(JobKey.METRICS, setting -> builder.metrics(metrics(setting)));
        set(JobKey.OPTIMIZER, setting -> builder.optimizer(setting.as(Optimizers::parse)));
        set(
                JobKey.PARAMETER_GROUPS,
                setting -> groups(setting)
                        .forEach(group -> group.optimizer()
                                .ifPresentOrElse(
                                        optimizer -> builder.group(group.names(), optimizer),
                                        () -> builder.freeze(group.names()))));
        set(JobKey.OBJECTIVES, setting -> Objectives.of(setting).forEach(builder::objective));
        set(
                JobKey.LEARNING_RATE_SCHEDULE,
                setting -> builder.learningRateSchedule(setting.as(LearningRateSchedules::parse)));
        set(
                JobKey.CLIP_GRAD_NORM,
                setting -> builder.clipGradNorm(setting.as(ClipGradNorm::parse).maxNorm()));
        set(
                JobKey.CLIP_GRAD_VALUE,
                setting ->
                        builder.clipGradValue(setting.as(ClipGradValue::parse).clipValue()));
        set(JobKey.NON_FINITE_GRADIENTS, setting -> builder.nonFiniteGradients(setting.as(NonFiniteGradients::parse)));
        set(JobKey.GRAD_NORM, setting -> {
            if (setting.truth()) {
                builder.tellGradNorm();
            }
        });
        set(
                JobKey.PENALTIES,
                setting -> builder.penalties(setting.check(
                        () -> setting.texts().stream().map(Penalty::parse).toArray(Penalty[]::new))));
        set(JobKey.AVERAGE, setting -> builder.average(setting.as(WeightAverages::parse)));
        bestEpoch(builder);
        set(
                JobKey.SCHEDULE,
                setting -> builder.schedule(setting.as(text -> Schedules.parse(text, ScheduleFile::read))));
    }

    private JobCheckpoints checkpoints() {
        JobCheckpoints usual = JobCheckpoints.USUAL;
        return new JobCheckpoints(
                wholeNumber(JobKey.CHECKPOINT_EPOCHS, 1, usual.epochs()),
                wholeNumber(JobKey.CHECKPOINT_EVERY, 1, usual.steps()),
                wholeNumber(JobKey.CHECKPOINTS_KEPT, 1, usual.kept()),
                settings.get(JobKey.COPY_EVERY)
                        .map(setting -> OptionalInt.of(setting.wholeNumber(0)))
                        .orElse(usual.copies()));
    }

    private int wholeNumber(JobKey key, int least, int usual) {
        return settings.get(key).map(setting -> setting.wholeNumber(least)).orElse(usual);
    }

    private void bestEpoch(JobBuilder builder) {
        set(JobKey.EARLY_STOPPING, setting -> {
            if (settings.get(JobKey.BEST_CHECKPOINT).isPresent()) {
                throw setting.refused("expected no " + JobKey.BEST_CHECKPOINT.path()
                        + " beside it, found one; early stopping keeps the best checkpoint too");
            }
            builder.bestEpoch(setting.as(BestEpochRule::parseEarlyStopping));
        });
        set(JobKey.BEST_CHECKPOINT, setting -> builder.bestEpoch(setting.as(BestEpochRule::parseBestCheckpoint)));
    }

    private static List<ParameterGroup> groups(Setting setting) {
        return setting.check(
                () -> setting.texts().stream().map(ParameterGroup::parse).toList());
    }

    private void set(JobKey key, Consumer<Setting> setter) {
        settings.get(key).ifPresent(setter);
    }

    /** Names of metrics; {@link Metrics#NONE} alone for none. */
    private static List<String> metrics(Setting setting) {
        List<String> names = setting.names();
        return names.equals(List.of(Metrics.NONE)) ? List.of() : names;
    }

    /** The name becomes the name of a folder. */
    private static String runName(Setting setting) {
        String name = setting.text();
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
            throw setting.expected("a name of letters, digits, '.', '_' and '-', at most 100");
        }
        return name;
    }

    private ModelSource model() {
        ModelSource source = layers();
        return settings.get(JobKey.MODEL_INIT)
                .map(setting -> setting.check(() -> new ModelSource(
                        source.name(),
                        source.model()
                                .apply(setting.names().stream()
                                        .map(InitialValues::parse)
                                        .toList()))))
                .orElse(source);
    }

    private ModelSource layers() {
        Optional<Setting> name = settings.get(JobKey.MODEL_NAME);
        Optional<Setting> layers = settings.get(JobKey.MODEL_LAYERS);
        Optional<Setting> input = settings.get(JobKey.MODEL_INPUT);
        if (name.isPresent()) {
            Optional<Setting> other = layers.or(() -> input);
            if (other.isPresent()) {
                throw new InvalidJobException(
                        other.get().where() + ": " + other.get().key().path()
                                + ": expected either model.name or model.input with model.layers, found both");
            }
            return source(name.get().text(), name.get().as(Models::named));
        }
        // Lines of inputs say their shapes themselves.
        boolean ownInputs =
                layers.isPresent() && layers.get().texts().getFirst().strip().matches("input\\s+\\S+\\s*=.*");
        if (layers.isEmpty() || (input.isEmpty() && !ownInputs)) {
            String missing =
                    layers.isEmpty() && input.isEmpty() ? "model" : layers.isEmpty() ? "model.layers" : "model.input";
            throw new InvalidJobException(
                    settings.source() + ": " + missing + " is missing: expected model { name = lenet }"
                            + " or model { input = [1, 28, 28], layers = [\"Flatten()\", \"Linear(784, 10)\"] }");
        }
        Shape shape = input.map(JobAssembly::shape).orElseGet(Shape::of);
        Setting lines = layers.get();
        return source("custom", lines.check(() -> ModelText.parse(shape, lines.texts())));
    }

    private ModelSource source(String name, Model model) {
        try {
            return new ModelSource(name, model);
        } catch (InvalidJobException e) {
            throw placed(e);
        }
    }

    private static Shape shape(Setting setting) {
        int[] dimensions =
                setting.wholeNumbers(1).stream().mapToInt(Integer::intValue).toArray();
        return setting.check(() -> Shape.of(dimensions));
    }

    private DataSource data() {
        Setting setting = settings.get(JobKey.DATA)
                .orElseThrow(() -> new InvalidJobException(
                        settings.source() + ": data is missing: expected one of " + String.join(", ", Datasets.NAMES)
                                + ", the path of a folder of IDX files or of a .tgz, or a .csv with targets"));
        Optional<Setting> targets = settings.get(JobKey.TARGETS);
        Optional<Setting> features = settings.get(JobKey.FEATURES);
        if (targets.isPresent()) {
            List<String> read = features.map(Setting::names).orElseGet(List::of);
            TableChoice columns =
                    targets.get().check(() -> new TableChoice(targets.get().names(), read));
            return setting.check(() -> DataSource.table(path(setting.text()), columns));
        }
        features.ifPresent(alone -> {
            throw new InvalidJobException(alone.where() + ": features: expected targets beside it, found none");
        });
        String reference = setting.text();
        TrainTest data = setting.as(DataForms::open);
        if (DataForms.isForm(reference)) {
            return new DataSource(DataForms.absolute(reference), data.train(), data.test());
        }
        boolean known = Datasets.NAMES.contains(reference);
        String kept = known
                ? reference
                : setting.check(() -> Datasets.locate(reference))
                        .toAbsolutePath()
                        .normalize()
                        .toString();
        return new DataSource(kept, data.train(), data.test());
    }

    /** What the builder found out gets the place of the key that its line begins with. */
    private InvalidJobException placed(InvalidJobException e) {
        String message = Setting.oneLine(e.getMessage());
        String first = message.split("[: ]", 2)[0];
        Optional<Setting> setting = Stream.of(JobKey.values())
                .filter(key -> key.path().equals(first) || key.path().startsWith(first + "."))
                .flatMap(key -> settings.get(key).stream())
                .findFirst();
        if (setting.isEmpty() && first.equals(JobKey.STAGES.path())) {
            setting = settings.get(JobKey.STAGE_BOUNDS);
        }
        String where = setting.map(Setting::where).orElse(settings.source());
        // Said once: "--stages: model has ...", not "--stages: stages: model has ...".
        boolean named = where.endsWith(first) && message.startsWith(first + ": ");
        return new InvalidJobException(where + ": " + (named ? message.substring(first.length() + 2) : message), e);
    }

    static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("expected a path, found \"" + Excerpt.of(text) + "\"", e);
        }
    }

    /** An optimizer's text with another learning rate. */
    static String withLearningRate(String optimizer, String learningRate) {
        Spec spec = Optimizers.parse(optimizer).spec().with("lr", learningRate);
        return Optimizers.parse(spec.toString()).spec().toString();
    }
}
