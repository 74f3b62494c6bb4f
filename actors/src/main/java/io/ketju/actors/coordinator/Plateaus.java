package io.ketju.actors.coordinator;

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
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The schedules of a run that watch what it measures, one for each objective that has such a one: fed with every finished
 * window, they move on when an epoch is over, evaluation included. Their state, and what the training of an unfinished epoch has
 * measured, go into checkpoints, so that a resumed run reduces its rates when an undisturbed one does. Sums alone are kept of
 * training: metrics that need every value cannot be watched there.
 */
public final class Plateaus {
    private static final String NEXT = ";";
    private static final String TRAIN = "train ";

    private final List<Head> heads;
    /** By objective; where a schedule watches nothing, there is none. */
    private final SortedMap<Integer, ReduceLROnPlateau> rules;

    private final SortedMap<Integer, PlateauState> states = new TreeMap<>();
    private EpochMetrics epoch = new EpochMetrics();

    private Plateaus(List<Head> heads, SortedMap<Integer, ReduceLROnPlateau> rules) {
        this.heads = heads;
        this.rules = rules;
        rules.forEach((objective, rule) -> states.put(objective, rule.start()));
    }

    /** Of a run that watches nothing. */
    public static Plateaus none() {
        return new Plateaus(List.of(), new TreeMap<>());
    }

    /**
     * Of a run.
     *
     * @param progress what {@link #progress} gave at its checkpoint; empty for a run that begins
     * @throws IllegalArgumentException if that is not of such a run
     */
    public static Plateaus of(Recipe recipe, String progress) {
        SortedMap<Integer, ReduceLROnPlateau> rules = new TreeMap<>();
        for (int i = 0; i < Math.max(1, recipe.objectives().size()); i++) {
            if (recipe.rates(i) instanceof ReduceLROnPlateau rule) {
                rules.put(i, rule);
            }
        }
        Plateaus plateaus = new Plateaus(recipe.model().heads(), rules);
        if (!progress.isEmpty()) {
            plateaus.restore(progress);
        }
        return plateaus;
    }

    /** Whether rates of the next epoch depend on what this one gives. */
    public boolean wait(int epochs) {
        return states.values().stream().anyMatch(state -> state.epochs() < epochs);
    }

    /** How often the rates of an objective's windows have been reduced. */
    public int reductions(int objective) {
        PlateauState state = states.get(objective);
        return state == null ? 0 : state.reductions();
    }

    /** A window is done, after all before it. */
    public void finished(PlannedWindow window, WindowMetrics metrics) {
        if (rules.isEmpty()) {
            return;
        }
        epoch.add(window, metrics);
        if (window.endsEpoch()) {
            rules.forEach((objective, rule) -> states.compute(
                    objective, (same, state) -> state == null ? null : rule.after(state, watched(rule))));
            epoch = new EpochMetrics();
        }
    }

    /** NaN where there was nothing to measure. */
    private double watched(ReduceLROnPlateau rule) {
        WindowMetrics over = rule.data() == Watched.TRAIN ? epoch.train() : epoch.test();
        return over.value(rule.metric(), heads);
    }

    /** The state as text: of each schedule, then of each head that the unfinished epoch has measured. Empty without any. */
    public String progress() {
        List<String> parts = new ArrayList<>();
        states.forEach((objective, state) -> parts.add(objective + " " + state.text()));
        boolean trains = rules.values().stream().anyMatch(rule -> rule.data() == Watched.TRAIN);
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
            if (part.startsWith(TRAIN)) {
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
