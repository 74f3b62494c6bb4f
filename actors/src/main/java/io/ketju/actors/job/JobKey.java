package io.ketju.actors.job;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The keys of a job file, in the order in which they are printed. */
public enum JobKey {
    NAME("name"),
    MODEL_NAME("model.name"),
    MODEL_INPUT("model.input"),
    MODEL_LAYERS("model.layers"),
    MODEL_INIT("model.init"),
    DATA("data"),
    TARGETS("targets"),
    FEATURES("features"),
    LOSS("loss"),
    METRICS("metrics"),
    OPTIMIZER("optimizer"),
    PARAMETER_GROUPS("parameter-groups"),
    OBJECTIVES("objectives"),
    LEARNING_RATE_SCHEDULE("learning-rate-schedule"),
    CLIP_GRAD_NORM("clip-grad-norm"),
    CLIP_GRAD_VALUE("clip-grad-value"),
    NON_FINITE_GRADIENTS("non-finite-gradients"),
    GRAD_NORM("grad-norm"),
    PENALTIES("penalties"),
    AVERAGE("average"),
    EARLY_STOPPING("early-stopping"),
    BEST_CHECKPOINT("best-checkpoint"),
    HISTOGRAMS("histograms"),
    SCHEDULE("schedule"),
    STAGES("stages"),
    STAGE_BOUNDS("stage-bounds"),
    REPLICAS("replicas"),
    SHARD_OPTIMIZER("shard-optimizer"),
    RECOMPUTE("recompute"),
    WIRE("wire"),
    BATCH("batch"),
    MICROBATCHES("microbatches"),
    ACCUMULATE("accumulate"),
    GRADIENT_GROUPS("gradient-groups"),
    EPOCHS("epochs"),
    SEED("seed"),
    THREADS("threads"),
    RUN_DIR("run-dir"),
    CHECKPOINT_EPOCHS("checkpoint-epochs"),
    CHECKPOINT_EVERY("checkpoint-every"),
    CHECKPOINTS_KEPT("checkpoints-kept"),
    COPY_EVERY("copy-every"),
    TRACE("trace"),
    MAX_RESTARTS("max-restarts"),
    REBALANCE("rebalance"),
    INIT("init"),
    INIT_SHA256("init-sha256"),
    INIT_FIT("init-fit"),
    INIT_RENAME("init-rename"),
    FROM("from"),
    FROM_SHA256("from-sha256"),
    FROM_STEPS("from-steps");

    private final String path;

    JobKey(String path) {
        this.path = path;
    }

    /** The key as it is written: {@code model.name}. */
    public String path() {
        return path;
    }

    /** The key that is written so. */
    public static Optional<JobKey> of(String path) {
        return Arrays.stream(values()).filter(key -> key.path.equals(path)).findFirst();
    }

    /** All keys as they are written. */
    public static List<String> paths() {
        return Arrays.stream(values()).map(JobKey::path).toList();
    }
}
