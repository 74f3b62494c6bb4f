package io.ketju.actors.job;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The keys of a job file, in the order in which they are printed. */
public enum JobKey {
    /** What the run is called, and the folder that it gets by default. */
    NAME("name"),
    /** A model of the zoo; in place of input and layers. */
    MODEL_NAME("model.name"),
    /** Shape of one sample, a list of numbers. */
    MODEL_INPUT("model.input"),
    /** The layers, one text each, in their order. */
    MODEL_LAYERS("model.layers"),
    /** Initial values of parameters by their names, one text each. */
    MODEL_INIT("model.init"),
    /** Name or path of the data, or what it is read as: {@link DataForms}. */
    DATA("data"),
    /** Columns of a table that are to be predicted. */
    TARGETS("targets"),
    /** Columns of a table that are read; all but the targets where this is not said. */
    FEATURES("features"),
    /** What is minimised; cross entropy by default. */
    LOSS("loss"),
    /** Names of what is measured beside the loss. */
    METRICS("metrics"),
    /** What updates the weights; Adam by default. */
    OPTIMIZER("optimizer"),
    /** Parameters that learn in a way of their own, or not at all, one text each. */
    PARAMETER_GROUPS("parameter-groups"),
    /** What a step trains one after the other, and which parameters by it. */
    OBJECTIVES("objectives"),
    /** How the learning rate changes; it stays as it is by default. */
    LEARNING_RATE_SCHEDULE("learning-rate-schedule"),
    /** Largest norm of all gradients of a step. */
    CLIP_GRAD_NORM("clip-grad-norm"),
    /** Largest magnitude of an element of a gradient. */
    CLIP_GRAD_VALUE("clip-grad-value"),
    /** What becomes of a window with a NaN or an infinity; it ends the run by default. */
    NON_FINITE_GRADIENTS("non-finite-gradients"),
    /** Whether the norm of the gradients is told beside the loss; false by default. */
    GRAD_NORM("grad-norm"),
    /** What weights cost, one text each. */
    PENALTIES("penalties"),
    /** Which average of the weights is kept; none by default. */
    AVERAGE("average"),
    /** After how many epochs without improvement the run ends; not beside a best checkpoint. */
    EARLY_STOPPING("early-stopping"),
    /** By which metric the checkpoint of the best epoch is kept. */
    BEST_CHECKPOINT("best-checkpoint"),
    /** Data epochs between counts of how weights and gradients lie; 0, the default: none. */
    HISTOGRAMS("histograms"),
    /** In which order ranks work; 1F1B by default. */
    SCHEDULE("schedule"),
    /** Number of stages of balanced cost; 1 by default. */
    STAGES("stages"),
    /** A cut by hand, in place of a number of stages: index of the first layer of each, then the number of layers. */
    STAGE_BOUNDS("stage-bounds"),
    /** Pipelines that share the micro-batches of a step; 1 by default. */
    REPLICAS("replicas"),
    /** Whether each replica keeps optimizer state of its share alone; false by default. */
    SHARD_OPTIMIZER("shard-optimizer"),
    /** Stages that run forwards again to hold less memory; none by default. */
    RECOMPUTE("recompute"),
    /** As what activations and gradients travel between stages; float32 by default. */
    WIRE("wire"),
    /** Samples of a mini-batch; 64 by default. */
    BATCH("batch"),
    /** Micro-batches of a mini-batch; 4 by default. */
    MICROBATCHES("microbatches"),
    /** Mini-batches that an optimizer step is over; 1 by default. */
    ACCUMULATE("accumulate"),
    /** Groups of micro-batches whose gradients are added up before the groups are; 1 by default. */
    GRADIENT_GROUPS("gradient-groups"),
    /** Passes over the training data; 1 by default. */
    EPOCHS("epochs"),
    /** Of initial values, the order of samples and all else that is random; 1 by default. */
    SEED("seed"),
    /** Compute threads of a process; all processors by default. */
    THREADS("threads"),
    /** The run's folder, absent or empty when it starts. */
    RUN_DIR("run-dir"),
    /** Data epochs between checkpoints; 1 by default. */
    CHECKPOINT_EPOCHS("checkpoint-epochs"),
    /** Optimizer steps between further checkpoints; none by default. */
    CHECKPOINT_EVERY("checkpoint-every"),
    /** How many checkpoints are kept, the newest; 2 by default. */
    CHECKPOINTS_KEPT("checkpoints-kept"),
    /** Optimizer steps between copies in the memory of workers, 0: none; as often as they cost little by default. */
    COPY_EVERY("copy-every"),
    /** Whether the run keeps when everything happened; false by default. */
    TRACE("trace"),
    /** How often within an hour a run goes on by itself after a loss, 0: never; 10 by default. */
    MAX_RESTARTS("max-restarts"),
    /** When the run cuts its model anew by itself; never by default. */
    REBALANCE("rebalance"),
    /** A file of weights that the job starts from; not beside a run. */
    INIT("init"),
    /** What that file must be: 64 hex digits. */
    INIT_SHA256("init-sha256"),
    /** How exactly its tensors must be the weights of the model; strict by default. */
    INIT_FIT("init-fit"),
    /** How its names become those of the model, one text each. */
    INIT_RENAME("init-rename"),
    /** A run, or a checkpoint of one, whose weights and optimizer state the job starts from. */
    FROM("from"),
    /** What that state must be: 64 hex digits. */
    FROM_SHA256("from-sha256"),
    /** Optimizer steps that the state has been through. */
    FROM_STEPS("from-steps");

    private final String path;

    JobKey(String path) {
        this.path = path;
    }

    /** {@return the key as it is written: {@code model.name}} */
    public String path() {
        return path;
    }

    /**
     * The key that is written so.
     *
     * @param path as {@link #path} gives it
     * @return empty if there is none
     */
    public static Optional<JobKey> of(String path) {
        return Arrays.stream(values()).filter(key -> key.path.equals(path)).findFirst();
    }

    /** {@return all keys as they are written, in the order in which they are printed} */
    public static List<String> paths() {
        return Arrays.stream(values()).map(JobKey::path).toList();
    }
}
