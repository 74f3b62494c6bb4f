package io.ketju.actors.job;

import io.ketju.layers.loss.Metric;
import io.ketju.layers.model.Head;
import io.ketju.layers.model.HeadMetric;
import io.ketju.layers.optimizer.ReduceLROnPlateau.Watched;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Registry;
import io.ketju.layers.spec.Spec;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which data epoch of a run is its best, by one number that is told of every epoch, and what follows from it: its checkpoint
 * is kept beside the newest ones, the run may end when no epoch was better for a while, and its weights may become those that the
 * run gives. Written {@code EarlyStopping(accuracy, patience=3)} or {@code BestCheckpoint(accuracy)}. A pure rule: {@link
 * #after} gives the next {@link BestEpoch}. With the meaning of {@code lightning.pytorch.callbacks.EarlyStopping} and the names
 * of Keras where that has more.
 *
 * @param metric by the name under which it is told: {@code loss}, {@code accuracy}, of one of several heads {@code
 *     main/accuracy}
 * @param mode what is better
 * @param data whose metric is watched
 * @param minDelta an improvement is more than this, at least 0
 * @param patience so many epochs without improvement end the run, at least 1; empty: none does
 * @param restoresBestWeights whether the weights of the best epoch are those that the run gives, or those of its last step
 */
public record BestEpochRule(
        String metric, Mode mode, Watched data, double minDelta, OptionalInt patience, boolean restoresBestWeights) {
    /** What is better. */
    public enum Mode {
        /** More of a metric that says so of itself, such as a share of correct answers; else less. */
        AUTO("auto"),
        /** Less. */
        MIN("min"),
        /** More. */
        MAX("max");

        private final String text;

        Mode(String text) {
            this.text = text;
        }
    }

    private static final String STOPPING = "EarlyStopping";
    private static final String KEEPING = "BestCheckpoint";

    /** Between the names of a head and of its metric. */
    private static final String HEAD = "/";

    private static final Entry<BestEpochRule> EARLY_STOPPING = watching(
                    Description.of(STOPPING, "Ends a run when a metric has stopped improving, and keeps its best epoch")
                            .optional("metric", "loss", "name of what is watched")
                            .optional("patience", 3, "epochs without improvement after which the run ends")
                            .optional("min_delta", 0, "an improvement is more than this"))
            .source("lightning.pytorch.callbacks.EarlyStopping; keras.callbacks.EarlyStopping")
            .readBy(arguments -> of(arguments, OptionalInt.of(arguments.integer("patience"))));

    private static final Entry<BestEpochRule> BEST_CHECKPOINT = watching(
                    Description.of(KEEPING, "Keeps the checkpoint of the epoch with the best metric")
                            .optional("metric", "loss", "name of what is watched")
                            .optional("min_delta", 0, "an improvement is more than this"))
            .source("lightning.pytorch.callbacks.ModelCheckpoint(monitor, save_top_k=1)")
            .readBy(arguments -> of(arguments, OptionalInt.empty()));

    private static final Registry<BestEpochRule> STOPPING_RULES =
            new Registry<>("rule of early stopping", List.of(EARLY_STOPPING));

    private static final Registry<BestEpochRule> KEEPING_RULES =
            new Registry<>("rule of a best checkpoint", List.of(BEST_CHECKPOINT));

    /**
     * Whether such a rule can be.
     *
     * @throws IllegalArgumentException if {@code minDelta} or {@code patience} is out of its range
     */
    public BestEpochRule {
        if (!(minDelta >= 0 && Double.isFinite(minDelta))) {
            throw new IllegalArgumentException(
                    "argument 'min_delta': expected a number of at least 0, found " + minDelta);
        }
        if (patience.isPresent() && patience.getAsInt() < 1) {
            throw new IllegalArgumentException(
                    STOPPING + ": argument 'patience': expected at least 1, found " + patience.getAsInt());
        }
    }

    /**
     * Ends a run when a metric of the test data has stopped improving.
     *
     * @param metric by the name under which it is told
     * @param patience so many epochs without improvement end the run, at least 1
     * @return in which the metric says itself what is better
     */
    public static BestEpochRule earlyStopping(String metric, int patience) {
        return new BestEpochRule(metric, Mode.AUTO, Watched.TEST, 0, OptionalInt.of(patience), false);
    }

    /**
     * Keeps the checkpoint of the epoch with the best metric of the test data.
     *
     * @param metric by the name under which it is told
     * @return ends no run; in which the metric says itself what is better
     */
    public static BestEpochRule bestCheckpoint(String metric) {
        return new BestEpochRule(metric, Mode.AUTO, Watched.TEST, 0, OptionalInt.empty(), false);
    }

    /** {@return the same, with the weights of the best epoch as those that the run gives} */
    public BestEpochRule restoringBestWeights() {
        return new BestEpochRule(metric, mode, data, minDelta, patience, true);
    }

    /**
     * Reads the text of a rule that ends runs.
     *
     * @param text {@code EarlyStopping(...)}
     * @return with a patience
     * @throws IllegalArgumentException saying what is wrong
     */
    public static BestEpochRule parseEarlyStopping(String text) {
        return STOPPING_RULES.parse(text);
    }

    /**
     * Reads the text of a rule that ends none.
     *
     * @param text {@code BestCheckpoint(...)}
     * @return without a patience
     * @throws IllegalArgumentException saying what is wrong
     */
    public static BestEpochRule parseBestCheckpoint(String text) {
        return KEEPING_RULES.parse(text);
    }

    private static Description watching(Description description) {
        return description
                .named(
                        "mode",
                        "auto",
                        "min where less is better, max where more is; auto: as the metric says of itself")
                .named("data", "test", "test: the evaluation at the end of an epoch; train: the epoch's training")
                .namedDerived("head", "None", "whose metric, where the model has several heads")
                .named("restore_best_weights", false, "whether the run gives the weights of its best epoch");
    }

    private static BestEpochRule of(Arguments arguments, OptionalInt patience) {
        Mode mode = switch (arguments.word("mode", "auto", "min", "max")) {
            case "min" -> Mode.MIN;
            case "max" -> Mode.MAX;
            default -> Mode.AUTO;
        };
        boolean train = arguments.word("data", "test", "train").equals("train");
        return new BestEpochRule(
                arguments.text("head").map(head -> head + HEAD).orElse("") + arguments.word("metric"),
                mode,
                train ? Watched.TRAIN : Watched.TEST,
                arguments.number("min_delta"),
                patience,
                arguments.flag("restore_best_weights"));
    }

    /** {@return its text, without what is as by default; it reads back to an equal rule} */
    public Spec spec() {
        int split = metric.indexOf(HEAD);
        Description description = patience.isPresent() ? EARLY_STOPPING.description() : BEST_CHECKPOINT.description();
        Spec all = Spec.of(description.name())
                .with("metric", metric.substring(split + 1))
                .with("mode", mode.text)
                .with("data", data == Watched.TRAIN ? "train" : "test")
                .withNumber("min_delta", minDelta)
                .with("restore_best_weights", restoresBestWeights);
        if (patience.isPresent()) {
            all = all.with("patience", patience.getAsInt());
        }
        Spec spec = description.terse(all);
        return split < 0 ? spec : spec.with("head", metric.substring(0, split));
    }

    /**
     * Whether more of the metric is better.
     *
     * @param heads of the model, among whose metrics it is looked for where the mode is {@link Mode#AUTO}
     * @return false of a metric that no head has, such as the loss
     */
    public boolean moreIsBetter(List<Head> heads) {
        return switch (mode) {
            case MIN -> false;
            case MAX -> true;
            case AUTO ->
                HeadMetric.of(heads).stream()
                        .filter(told -> told.name().equals(metric))
                        .map(HeadMetric::metric)
                        .flatMap(Optional::stream)
                        .anyMatch(Metric::moreIsBetter);
        };
    }

    /**
     * What is known after one more epoch; a metric that is no number is no improvement.
     *
     * @param before what was known until then
     * @param found what the epoch gave; may be NaN
     * @param more whether more is better
     * @param step the last step of the epoch
     * @return one that has heard of one epoch more
     */
    public BestEpoch after(BestEpoch before, double found, boolean more, long step) {
        boolean improved = more ? found - minDelta > before.value() : found + minDelta < before.value();
        boolean better = Double.isFinite(found) && (improved || !before.any());
        int epoch = before.epochs() + 1;
        return better
                ? new BestEpoch(epoch, step, epoch, found, 0, restoresBestWeights)
                : new BestEpoch(
                        epoch,
                        before.step(),
                        before.epoch(),
                        before.value(),
                        before.badEpochs() + 1,
                        restoresBestWeights);
    }

    /**
     * Whether the run ends there.
     *
     * @param state after the last epoch that was heard of
     * @return false where there is no patience
     */
    public boolean ends(BestEpoch state) {
        return patience.isPresent() && state.badEpochs() >= patience.getAsInt();
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
