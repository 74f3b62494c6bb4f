package io.ketju.deploy.command;

import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobKey;
import io.ketju.actors.weights.Strictness;
import io.ketju.deploy.config.JobFile;
import io.ketju.deploy.config.JobSettings;
import io.ketju.deploy.config.Setting;
import io.ketju.pipeline.NonFiniteGradients;
import io.ketju.tensor.Excerpt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The job file and the flags that win over it. Values stay text here: the job's own checks read them, so that a flag
 * and a line of a file are checked, and complained about, alike.
 */
final class JobOptions {
    @Parameters(
            arity = "0..1",
            paramLabel = "JOB.conf",
            description = "Job file (HOCON). Without one: the default job, a LeNet on fashion-mnist-5k.")
    private @Nullable String file;

    @Option(names = "--name", paramLabel = "NAME", description = "What the run is called.")
    private @Nullable String name;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "A known model: lenet5, lenet(20, 50, 500), mlp(784, 256, 10), ...")
    private @Nullable String model;

    @Option(
            names = "--data",
            paramLabel = "DATA",
            description =
                    "fashion-mnist-5k, digits, iris, ..., a path: a folder of IDX files (plain or .gz), a .tgz that holds them, a"
                            + " table (.csv) with the job's targets; or with arguments: \"images('photos', size=64)\","
                            + " \"text('novel.txt', context=64)\", \"pairs(verses)\", \"graph(karate)\".")
    private @Nullable String data;

    @Option(names = "--stages", paramLabel = "N", description = "Stages that the model is cut into, of balanced cost.")
    private @Nullable String stages;

    @Option(
            names = "--stage-bounds",
            paramLabel = "A,B,..",
            description = "Cut by hand: the first layer of every stage, then the number of layers: 0,3,6,12.")
    private @Nullable String stageBounds;

    @Option(
            names = "--replicas",
            paramLabel = "N,..",
            description = "Replicas of all stages, or of each (1,2,1), that share the batch by its gradient groups.")
    private @Nullable String replicas;

    @Option(
            names = "--shard-optimizer",
            description = "Each replica of a stage keeps optimizer state of its share of the parameters alone.")
    private boolean shardOptimizer;

    @Option(
            names = "--schedule",
            paramLabel = "NAME",
            description = "Order of work: 1F1B, 'Interleaved1F1B(chunks=2)', ...; 'ketju schedules' lists all.")
    private @Nullable String schedule;

    @Option(
            names = "--recompute",
            paramLabel = "STAGES",
            description = "Stages that run forwards again to hold less memory: all, none, 0,2 or 'fit 512MiB'.")
    private @Nullable String recompute;

    @Option(names = "--microbatches", paramLabel = "N", description = "Micro-batches per batch, 1 or more.")
    private @Nullable String microbatches;

    @Option(names = "--batch", paramLabel = "N", description = "Samples per optimizer step.")
    private @Nullable String batch;

    @Option(names = "--accumulate", paramLabel = "N", description = "Batches per optimizer step, 1 or more.")
    private @Nullable String accumulate;

    @Option(
            names = "--gradient-groups",
            paramLabel = "N",
            description = "Groups of micro-batches that add up their gradients before these are added up.")
    private @Nullable String gradientGroups;

    @Option(names = "--epochs", paramLabel = "N", description = "Passes over the training data.")
    private @Nullable String epochs;

    @Option(names = "--optimizer", paramLabel = "SPEC", description = "Such as 'SGD(lr=0.05, momentum=0.9)'.")
    private @Nullable String optimizer;

    @Option(names = "--lr", paramLabel = "RATE", description = "Another learning rate for the job's optimizer.")
    private @Nullable String learningRate;

    @Option(
            names = "--clip-grad-norm",
            paramLabel = "NORM",
            description = "Scale all gradients of a step down together where their norm is larger.")
    private @Nullable String clipGradNorm;

    @Option(
            names = "--clip-grad-value",
            paramLabel = "VALUE",
            description = "Bring every element of every gradient into the range from -VALUE to VALUE.")
    private @Nullable String clipGradValue;

    /** What {@code --non-finite-gradients} takes. */
    static final class Ends extends ArrayList<String> {
        Ends() {
            super(Arrays.stream(NonFiniteGradients.values())
                    .map(NonFiniteGradients::toString)
                    .toList());
        }
    }

    @Option(
            names = "--non-finite-gradients",
            paramLabel = "THEN",
            completionCandidates = Ends.class,
            description = "What becomes of a step with a NaN or an infinity: ${COMPLETION-CANDIDATES} (default: stop).")
    private @Nullable String nonFiniteGradients;

    @Option(names = "--grad-norm", description = "Tell the norm of the gradients beside the loss.")
    private boolean gradNorm;

    @Option(
            names = "--average",
            paramLabel = "SPEC",
            description = "Evaluate and save an average of the weights: 'EMA(decay=0.99)', 'SWA(start_epoch=5)'.")
    private @Nullable String average;

    @Option(names = "--seed", paramLabel = "N", description = "Same seed, same bits.")
    private @Nullable String seed;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Compute threads per process; all processors by default. Never changes the result.")
    private @Nullable String threads;

    @Option(
            names = "--init",
            paramLabel = "FILE",
            description =
                    "Start from the weights of a .safetensors file (of Ketju, PyTorch, ...) instead of the seed's.")
    private @Nullable String init;

    /** What {@code --init-fit} takes. */
    static final class Fits extends ArrayList<String> {
        Fits() {
            super(Arrays.stream(Strictness.values()).map(Strictness::text).toList());
        }
    }

    @Option(
            names = "--init-fit",
            paramLabel = "FIT",
            completionCandidates = Fits.class,
            description =
                    "How exactly the file's tensors must be the model's: ${COMPLETION-CANDIDATES}. lenient lets some be"
                            + " missing or left over, partial takes what fits.")
    private @Nullable String initFit;

    @Option(
            names = "--init-rename",
            paramLabel = "A=B,..",
            description =
                    "What the file's tensors are called here: module.= takes a prefix away, 'fc.*=head.*' renames.")
    private @Nullable String initRename;

    @Option(
            names = "--from",
            paramLabel = "RUN",
            description =
                    "A new run from the weights and optimizer state of another, by default with its job; or of a file"
                            + " of 'weights --state-to'.")
    private @Nullable String from;

    @Option(
            names = "--best",
            description =
                    "With --init RUN or --from RUN: the best epoch of that run in place of its newest checkpoint.")
    private boolean best;

    @Option(
            names = "--early-stopping",
            paramLabel = "SPEC",
            description = "End the run when no epoch was better for a while: 'EarlyStopping(accuracy, patience=3)'.")
    private @Nullable String earlyStopping;

    @Option(
            names = "--best-checkpoint",
            paramLabel = "SPEC",
            description = "Keep the checkpoint of the best epoch too: 'BestCheckpoint(accuracy)'.")
    private @Nullable String bestCheckpoint;

    @Option(
            names = "--histograms",
            paramLabel = "K",
            description = "Count every K epochs how weights and gradients lie, for TensorBoard.")
    private @Nullable String histograms;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "K",
            description = "A checkpoint after every K optimizer steps too, besides those at the ends of epochs.")
    private @Nullable String checkpointEvery;

    @Option(
            names = "--keep",
            paramLabel = "N",
            description = "Checkpoints that are kept, 1 or more: the newest, by default two; the best epoch's besides.")
    private @Nullable String kept;

    /** The file's settings, or the default job's, with the flags over them. */
    JobSettings settings() {
        String run = from;
        if (best) {
            chooseBest();
        }
        if (file != null) {
            return over(JobFile.read(Path.of(file)));
        }
        if (run != null && !Files.isRegularFile(Path.of(run))) {
            JobSettings old = JobFile.read(RunDirectory.open(Path.of(run)).jobFile());
            return over(old.withoutInitialState().without(JobKey.THREADS));
        }
        return over(JobFile.defaultJob());
    }

    /** What a run keeps of its best epoch, by its own path. */
    private void chooseBest() {
        if (init == null && from == null) {
            throw new InvalidJobException("--best: expected --init RUN or --from RUN beside it, found none");
        }
        String run = String.valueOf(init == null ? from : init);
        RunDirectory directory = RunDirectory.open(Path.of(run));
        if (from != null && init == null) {
            from = directory.best().directory().toString();
            return;
        }
        directory.best();
        Path weights = Files.exists(directory.bestWeights()) ? directory.bestWeights() : directory.weights();
        if (!Files.exists(weights)) {
            throw new InvalidJobException("--best: expected a run that has ended, found " + run
                    + ", which has written no weights yet; --from takes its best checkpoint");
        }
        init = weights.toString();
    }

    /** The settings of a run that is continued, with the flags over them. */
    JobSettings settingsOf(Path jobFile) {
        if (file != null) {
            throw new InvalidJobException("--resume: expected no job file beside it, found " + Excerpt.ofPath(file)
                    + ": the run has its own");
        }
        if (init != null || from != null) {
            throw new InvalidJobException("--resume: expected neither --init nor --from beside it, found one: the run"
                    + " has its own weights; for a new run that starts from them leave --resume out");
        }
        return settingsIn(jobFile);
    }

    /** The settings in the folder of the run that this very job is of, with the flags over them. */
    JobSettings settingsIn(Path jobFile) {
        // Threads suit the machine of the time, not the run.
        return over(JobFile.read(jobFile).without(JobKey.THREADS));
    }

    /** Whether the number of threads was asked for. */
    boolean hasThreads() {
        return threads != null;
    }

    private JobSettings over(JobSettings base) {
        JobSettings settings = base;
        for (Setting flag : flags()) {
            if (flag.key() == JobKey.STAGES) {
                settings = settings.without(JobKey.STAGE_BOUNDS);
            }
            if (flag.key() == JobKey.STAGE_BOUNDS && stages == null) {
                settings = settings.without(JobKey.STAGES);
            }
            if (flag.key() == JobKey.MODEL_NAME) {
                settings = settings.without(JobKey.MODEL_INPUT).without(JobKey.MODEL_LAYERS);
            }
            settings = switch (flag.key()) {
                case EARLY_STOPPING -> settings.without(JobKey.BEST_CHECKPOINT).with(flag);
                case BEST_CHECKPOINT -> settings.without(JobKey.EARLY_STOPPING).with(flag);
                case INIT -> settings.withInitialWeights(flag);
                case FROM -> settings.withoutInitialState().with(flag);
                default -> settings.with(flag);
            };
        }
        return learningRate == null ? settings : settings.withLearningRate("--lr", learningRate);
    }

    private List<Setting> flags() {
        List<Setting> flags = new ArrayList<>();
        add(flags, JobKey.NAME, "--name", name);
        add(flags, JobKey.MODEL_NAME, "--model", model);
        add(flags, JobKey.DATA, "--data", data);
        add(flags, JobKey.STAGES, "--stages", stages);
        add(flags, JobKey.STAGE_BOUNDS, "--stage-bounds", stageBounds);
        add(flags, JobKey.REPLICAS, "--replicas", replicas);
        add(flags, JobKey.SHARD_OPTIMIZER, "--shard-optimizer", shardOptimizer ? "true" : null);
        add(flags, JobKey.SCHEDULE, "--schedule", schedule);
        add(flags, JobKey.RECOMPUTE, "--recompute", recompute);
        add(flags, JobKey.MICROBATCHES, "--microbatches", microbatches);
        add(flags, JobKey.BATCH, "--batch", batch);
        add(flags, JobKey.ACCUMULATE, "--accumulate", accumulate);
        add(flags, JobKey.GRADIENT_GROUPS, "--gradient-groups", gradientGroups);
        add(flags, JobKey.EPOCHS, "--epochs", epochs);
        add(flags, JobKey.OPTIMIZER, "--optimizer", optimizer);
        add(flags, JobKey.CLIP_GRAD_NORM, "--clip-grad-norm", clipGradNorm);
        add(flags, JobKey.CLIP_GRAD_VALUE, "--clip-grad-value", clipGradValue);
        add(flags, JobKey.NON_FINITE_GRADIENTS, "--non-finite-gradients", nonFiniteGradients);
        add(flags, JobKey.GRAD_NORM, "--grad-norm", gradNorm ? "true" : null);
        add(flags, JobKey.AVERAGE, "--average", average);
        add(flags, JobKey.EARLY_STOPPING, "--early-stopping", earlyStopping);
        add(flags, JobKey.BEST_CHECKPOINT, "--best-checkpoint", bestCheckpoint);
        add(flags, JobKey.HISTOGRAMS, "--histograms", histograms);
        add(flags, JobKey.CHECKPOINT_EVERY, "--checkpoint-every", checkpointEvery);
        add(flags, JobKey.CHECKPOINTS_KEPT, "--keep", kept);
        add(flags, JobKey.SEED, "--seed", seed);
        add(flags, JobKey.THREADS, "--threads", threads);
        if (init != null && from != null) {
            throw new InvalidJobException("--init: expected no --from beside it, found " + from);
        }
        add(flags, JobKey.INIT, "--init", init);
        add(flags, JobKey.FROM, "--from", from);
        add(flags, JobKey.INIT_FIT, "--init-fit", initFit);
        add(flags, JobKey.INIT_RENAME, "--init-rename", initRename);
        return flags;
    }

    private static void add(List<Setting> flags, JobKey key, String flag, @Nullable String value) {
        if (value != null) {
            flags.add(new Setting(key, value, flag));
        }
    }
}
