package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;

/**
 * Reduces all rates when a metric has stopped improving (<a
 * href="https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html">
 * torch.optim.lr_scheduler.ReduceLROnPlateau</a>, stepped after every data epoch). A pure rule: {@link #after} gives the
 * next {@link PlateauState}, and {@link #reduced} the rate after so many reductions, by the multiplications of PyTorch.
 *
 * @param mode whether less is better or more
 * @param factor of a reduction, below 1
 * @param patience epochs without improvement that are borne
 * @param threshold what counts as an improvement: by more than this
 * @param thresholdMode whether the threshold is relative to the best metric
 * @param cooldown epochs after a reduction that do not count
 * @param minLr no rate becomes less by a reduction
 * @param eps reductions that would change a rate by no more than this leave it
 * @param data whose metric is watched
 * @param metric by the name under which it is told: {@code loss}, {@code accuracy}, of one of several heads {@code
 *     main/accuracy}
 */
public record ReduceLROnPlateau(
        Mode mode,
        double factor,
        int patience,
        double threshold,
        ThresholdMode thresholdMode,
        int cooldown,
        double minLr,
        double eps,
        Watched data,
        String metric)
        implements LearningRateSchedule {
    /** What is better. */
    public enum Mode {
        /** Less is. */
        MIN("min", Double.POSITIVE_INFINITY),
        /** More is. */
        MAX("max", Double.NEGATIVE_INFINITY);

        private final String text;
        private final double worst;

        Mode(String text, double worst) {
            this.text = text;
            this.worst = worst;
        }
    }

    /** How an improvement is measured. */
    public enum ThresholdMode {
        /** As a share of the best metric. */
        REL("rel"),
        /** As it is. */
        ABS("abs");

        private final String text;

        ThresholdMode(String text) {
            this.text = text;
        }
    }

    /** Samples over which the metric is taken. */
    public enum Watched {
        /** The evaluation at the end of an epoch. */
        TEST("test"),
        /** The epoch's training, every sample before its step. */
        TRAIN("train");

        private final String text;

        Watched(String text) {
            this.text = text;
        }
    }

    private static final String NAME = "ReduceLROnPlateau";

    /** Between the names of a head and of its metric. */
    private static final String HEAD = "/";

    public static final Entry<LearningRateSchedule> ENTRY = Description.of(
                    NAME, "Reduces all rates when a metric has stopped improving")
            .optional("mode", "min", "min where less is better, max where more is")
            .optional("factor", 0.1, "factor of a reduction")
            .optional("patience", 10, "epochs without improvement that are borne")
            .optional("threshold", 1e-4, "an improvement is more than this")
            .optional("threshold_mode", "rel", "rel: of the best metric; abs: as it is")
            .optional("cooldown", 0, "epochs after a reduction that do not count")
            .optional("min_lr", 0, "no rate becomes less by a reduction")
            .optional("eps", 1e-8, "smaller changes of a rate are left out")
            .named("data", "test", "test: the evaluation at the end of an epoch; train: the epoch's training")
            .named("metric", "loss", "name of what is watched")
            .namedDerived("head", "None", "whose metric, where the model has several heads")
            .formula("rate = max(rate · factor, min_lr) after more than patience epochs without improvement")
            .source("torch.optim.lr_scheduler.ReduceLROnPlateau, stepped after every data epoch")
            .readBy(ReduceLROnPlateau::of);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming the argument that is out of range
     */
    public ReduceLROnPlateau {
        if (!(factor > 0 && factor < 1)) {
            throw new IllegalArgumentException(NAME + ": argument 'factor': expected 0 < number < 1, found " + factor);
        }
        requireCount("patience", patience);
        Hyperparameters.requireNonNegative(NAME, "threshold", threshold);
        requireCount("cooldown", cooldown);
        Hyperparameters.requireNonNegative(NAME, "min_lr", minLr);
        Hyperparameters.requireNonNegative(NAME, "eps", eps);
    }

    /** With the defaults of PyTorch, watching the test loss. */
    public ReduceLROnPlateau() {
        this(Mode.MIN, 0.1, 10, 1e-4, ThresholdMode.REL, 0, 0, 1e-8, Watched.TEST, "loss");
    }

    private static ReduceLROnPlateau of(Arguments arguments) {
        boolean max = arguments.word("mode", "min", "max").equals("max");
        boolean absolute = arguments.word("threshold_mode", "rel", "abs").equals("abs");
        boolean train = arguments.word("data", "test", "train").equals("train");
        return new ReduceLROnPlateau(
                max ? Mode.MAX : Mode.MIN,
                arguments.number("factor"),
                arguments.integer("patience"),
                arguments.number("threshold"),
                absolute ? ThresholdMode.ABS : ThresholdMode.REL,
                arguments.integer("cooldown"),
                arguments.number("min_lr"),
                arguments.number("eps"),
                train ? Watched.TRAIN : Watched.TEST,
                arguments.text("head").map(head -> head + HEAD).orElse("") + arguments.word("metric"));
    }

    private static void requireCount(String argument, int count) {
        if (count < 0) {
            throw new IllegalArgumentException(
                    NAME + ": argument '" + argument + "': expected at least 0, found " + count);
        }
    }

    @Override
    public Spec spec() {
        int split = metric.indexOf(HEAD);
        Spec spec = Hyperparameters.terse(
                ENTRY.description(),
                mode.text,
                factor,
                patience,
                threshold,
                thresholdMode.text,
                cooldown,
                minLr,
                eps,
                data.text,
                metric.substring(split + 1));
        return split < 0 ? spec : spec.with("head", metric.substring(0, split));
    }

    /** {@return the state of a run that has heard of no epoch} */
    public PlateauState start() {
        return new PlateauState(0, mode.worst, 0, 0, 0);
    }

    /**
     * {@return the state after one more epoch}
     *
     * @param state before it
     * @param found the metric of the epoch; what is no number is no improvement
     */
    public PlateauState after(PlateauState state, double found) {
        boolean better = better(found, state.best());
        int bad = better ? 0 : state.badEpochs() + 1;
        int cooling = state.cooldown();
        if (cooling > 0) {
            cooling--;
            bad = 0;
        }
        boolean reduce = bad > patience;
        return new PlateauState(
                state.epochs() + 1,
                better ? found : state.best(),
                reduce ? 0 : bad,
                reduce ? cooldown : cooling,
                state.reductions() + (reduce ? 1 : 0));
    }

    private boolean better(double found, double best) {
        boolean relative = thresholdMode == ThresholdMode.REL;
        return switch (mode) {
            case MIN -> found < (relative ? best * (1.0 - threshold) : best - threshold);
            case MAX -> found > (relative ? best * (threshold + 1.0) : best + threshold);
        };
    }

    @Override
    public double learningRate(double base, long step, long totalSteps) {
        return base;
    }

    @Override
    public double reduced(double rate, int reductions) {
        double current = rate;
        for (int i = 0; i < reductions; i++) {
            double next = Math.max(current * factor, minLr);
            if (!(current - next > eps)) {
                break; // nor would any later one
            }
            current = next;
        }
        return current;
    }

    @Override
    public boolean dependsOnTotal() {
        return false;
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
