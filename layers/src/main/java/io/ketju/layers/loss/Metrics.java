package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.NearestName;
import io.ketju.tensor.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Chooses metrics by name among those that a loss has. */
public final class Metrics {
    /** In place of names: no metric at all. */
    public static final String NONE = "none";

    /** What is to be known of each; a new metric is one more line here. */
    public static final List<Description> DESCRIPTIONS = List.of(
            Accuracy.DESCRIPTION,
            TopAccuracy.description(3),
            TopAccuracy.description(5),
            BinaryAccuracy.DESCRIPTION,
            ExactMatch.DESCRIPTION,
            Agreement.PRECISION.micro(),
            Agreement.PRECISION.macro(),
            Agreement.RECALL.micro(),
            Agreement.RECALL.macro(),
            Agreement.F1.micro(),
            Agreement.F1.macro(),
            LabelArea.MICRO,
            LabelArea.MACRO,
            ClassConfusion.DESCRIPTION,
            MeanAbsoluteError.DESCRIPTION,
            RootMeanSquaredError.DESCRIPTION,
            R2Score.DESCRIPTION,
            Perplexity.DESCRIPTION,
            BitsPerCharacter.DESCRIPTION,
            TranslationBleu.ENTRY.description(),
            Reported.DESCRIPTION);

    private Metrics() {}

    /**
     * What is measured where nobody chose.
     *
     * @param loss whose metrics they are
     * @return the first metric of the loss, if it has any
     */
    public static List<Metric> usual(Loss loss) {
        return loss.metrics().stream().limit(1).toList();
    }

    /**
     * Chooses metrics.
     *
     * @param loss whose metrics they are
     * @param names of the metrics; none for none
     * @return the metrics of these names, in their order
     * @throws IllegalArgumentException listing what there is, if the loss has none of a name, or if a name comes twice
     */
    public static List<Metric> named(Loss loss, List<String> names) {
        List<Metric> chosen = new ArrayList<>();
        for (String name : names) {
            Metric metric = loss.metrics().stream()
                    .flatMap(known -> known.chosenBy(name).stream())
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("unknown metric '" + Excerpt.of(name) + "'; "
                            + loss.spec() + " has " + (loss.metrics().isEmpty() ? "none" : names(loss.metrics()))
                            + NearestName.hint(
                                    name,
                                    loss.metrics().stream().map(Metric::name).toList())));
            if (chosen.stream().anyMatch(other -> other.name().equals(metric.name()))) {
                throw new IllegalArgumentException("metric '" + metric.name() + "' is named twice");
            }
            chosen.add(metric);
        }
        return List.copyOf(chosen);
    }

    /**
     * The names of metrics.
     *
     * @param metrics in their order
     * @return text that {@link #parse} reads back: {@code mae, rmse}
     */
    public static String names(List<Metric> metrics) {
        return metrics.stream().map(Metric::text).collect(Collectors.joining(", "));
    }

    /**
     * Reads the names of metrics.
     *
     * @param loss whose metrics they are
     * @param text such as {@code mae, rmse}; {@link #NONE} is no metric at all
     * @return the metrics, in the order of the text
     * @throws IllegalArgumentException as {@link #named} does
     */
    public static List<Metric> parse(Loss loss, String text) {
        String names = text.strip();
        return names.equals(NONE) ? List.of() : named(loss, List.of(names.split("\\s*,\\s*", -1)));
    }
}
