package io.ketju.actors.coordinator;

import io.ketju.actors.job.BestEpoch;
import io.ketju.actors.job.BestEpochRule;
import io.ketju.actors.message.PlannedWindow;
import io.ketju.layers.model.Head;
import io.ketju.layers.optimizer.PlateauState;
import io.ketju.layers.optimizer.ReduceLROnPlateau;
import io.ketju.layers.optimizer.ReduceLROnPlateau.Watched;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.stage.WindowMetrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What of a run goes by what its epochs measured: the schedules that watch it, one for each objective that has such a one, and
 * which epoch is the best. Fed with every finished
 * window, they move on when an epoch is over, evaluation included. Their state, and what the training of an unfinished epoch has
 * measured, go into checkpoints, so that a resumed run reduces its rates, and ends, when an undisturbed one does. Sums alone are kept of
 * training: metrics that need every value cannot be watched there.
 */
public final class WatchedEpochs {
    private static final String NEXT = ";";
    private static final String TRAIN = "train ";

    private final List<Head> heads;
    /** By objective; where a schedule watches nothing, there is none. */
    private final SortedMap<Integer, ReduceLROnPlateau> rules;

    private final SortedMap<Integer, PlateauState> states = new TreeMap<>();
    private final Optional<BestEpochRule> bestRule;
    private BestEpoch best = BestEpoch.NONE;
    /** Whether the best epoch is the last one, and not in a checkpoint yet. */
    private boolean bestUnsaved;

    private EpochMetrics epoch = new EpochMetrics();

    private WatchedEpochs(
            List<Head> heads, SortedMap<Integer, ReduceLROnPlateau> rules, Optional<BestEpochRule> bestRule) {
        this.heads = heads;
        this.rules = rules;
        this.bestRule = bestRule;
        rules.forEach((objective, rule) -> states.put(objective, rule.start()));
    }

    /** {@return those of a run that watches nothing} */
    public static WatchedEpochs none() {
        return new WatchedEpochs(List.of(), new TreeMap<>(), Optional.empty());
    }

    /**
     * {@return those of a run}
     *
     * @param recipe with the run's learning-rate schedules
     * @param best which epoch is the best one; empty: that is not looked for
     * @param progress what {@link #progress} gave at its checkpoint; empty for a run that begins
     * @throws RuntimeException if that is not of such a run
     */
    public static WatchedEpochs of(Recipe recipe, Optional<BestEpochRule> best, String progress) {
        SortedMap<Integer, ReduceLROnPlateau> rules = new TreeMap<>();
        for (int i = 0; i < Math.max(1, recipe.objectives().size()); i++) {
            if (recipe.rates(i) instanceof ReduceLROnPlateau rule) {
                rules.put(i, rule);
            }
        }
        WatchedEpochs watched = new WatchedEpochs(recipe.model().heads(), rules, best);
        if (!progress.isEmpty()) {
            watched.restore(progress);
        }
        return watched;
    }

    /**
     * {@return whether the next epoch, or its rates, depend on an epoch that is not known whole yet}
     *
     * @param epochs that have been trained, so that all of them are to be known
     */
    public boolean wait(int epochs) {
        return (bestRule.isPresent() && best.epochs() < epochs)
                || states.values().stream().anyMatch(state -> state.epochs() < epochs);
    }

    /**
     * {@return how often the rates of an objective's windows have been reduced}
     *
     * @param objective from 0; one without a schedule that watches gives 0
     */
    public int reductions(int objective) {
        PlateauState state = states.get(objective);
        return state == null ? 0 : state.reductions();
    }

    /** Whether no epoch was better for as long as the run bears. */
    boolean ended() {
        return bestRule.filter(rule -> rule.ends(best)).isPresent();
    }

    /** Whether the state after the last epoch is the best, and in no checkpoint. */
    boolean wantCheckpoint() {
        return bestUnsaved;
    }

    /** The state after a step is in a checkpoint. */
    void checkpointed(long step) {
        bestUnsaved &= step != best.step();
    }

    /**
     * A window is done, after all before it.
     *
     * @param window trained or evaluated
     * @param metrics what it measured, of all heads
     */
    public void finished(PlannedWindow window, WindowMetrics metrics) {
        if (rules.isEmpty() && bestRule.isEmpty()) {
            return;
        }
        epoch.add(window, metrics);
        if (window.endsEpoch()) {
            bestRule.ifPresent(rule -> {
                double value = watched(rule.data(), rule.metric());
                best = rule.after(best, value, rule.moreIsBetter(heads), window.step());
                bestUnsaved = best.step() == window.step();
            });
            rules.forEach((objective, rule) -> states.compute(
                    objective,
                    (same, state) -> state == null ? null : rule.after(state, watched(rule.data(), rule.metric()))));
            epoch = new EpochMetrics();
        }
    }

    /** NaN where there was nothing to measure. */
    private double watched(Watched data, String metric) {
        return (data == Watched.TRAIN ? epoch.train() : epoch.test()).value(metric, heads);
    }

    /**
     * {@return the state as text: of each schedule, then which epoch is the best, then of each head that the unfinished epoch has
     * measured} Empty without any.
     */
    public String progress() {
        List<String> parts = new ArrayList<>();
        states.forEach((objective, state) -> parts.add(objective + " " + state.text()));
        bestRule.ifPresent(rule -> parts.add(best.text()));
        boolean trains = rules.values().stream().anyMatch(rule -> rule.data() == Watched.TRAIN)
                || bestRule.filter(rule -> rule.data() == Watched.TRAIN).isPresent();
        if (trains) {
            epoch.train().heads().forEach((head, measured) -> parts.add(TRAIN + head + " " + text(measured)));
        }
        return String.join(NEXT, parts);
    }

    private static String text(WindowMetrics.OfHead measured) {
        return measured.lossSum() + " " + measured.weight()
                + measured.metrics().entrySet().stream()
                        .map(metric -> "," + metric.getKey()
                                + metric.getValue().stream()
                                        .map(sum -> " " + sum)
                                        .collect(Collectors.joining()))
                        .collect(Collectors.joining());
    }

    private void restore(String progress) {
        SortedMap<Integer, WindowMetrics.OfHead> train = new TreeMap<>();
        for (String part : progress.split(NEXT, -1)) {
            if (BestEpoch.is(part)) {
                best = BestEpoch.parse(part);
            } else if (part.startsWith(TRAIN)) {
                String[] fields = part.substring(TRAIN.length()).split(" ", 2);
                train.put(Integer.valueOf(fields[0]), measured(fields[1]));
            } else {
                String[] fields = part.split(" ", 2);
                PlateauState state = PlateauState.parse(fields[1]);
                if (states.replace(Integer.valueOf(fields[0]), state) == null) {
                    throw new IllegalArgumentException("objective " + fields[0] + " has no schedule that watches it");
                }
            }
        }
        epoch = new EpochMetrics(new WindowMetrics(train));
    }

    private static WindowMetrics.OfHead measured(String text) {
        String[] parts = text.split(",", -1);
        List<Double> loss = numbers(parts[0]);
        SortedMap<String, List<Double>> metrics = new TreeMap<>();
        for (String metric : Arrays.asList(parts).subList(1, parts.length)) {
            String[] named = metric.split(" ", 2);
            metrics.put(named[0], numbers(named[1]));
        }
        return new WindowMetrics.OfHead(loss.get(0), loss.get(1), metrics);
    }

    private static List<Double> numbers(String text) {
        return Arrays.stream(text.split(" ", -1)).map(Double::valueOf).toList();
    }
}
