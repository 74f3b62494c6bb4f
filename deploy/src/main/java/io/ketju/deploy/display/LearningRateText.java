package io.ketju.deploy.display;

import static io.ketju.records.text.JobHeader.field;

import io.ketju.actors.measure.LearningRateCurve;
import io.ketju.records.text.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a test of learning rates found, for people and as a table. */
public final class LearningRateText {
    /** Of the curve. */
    private static final int BLOCKS = 50;

    private LearningRateText() {}

    /** Where the loss falls fastest, where it is least, and how it went. */
    public static List<String> lines(LearningRateCurve curve, int steps, Terminal terminal) {
        List<LearningRateCurve.Point> points = curve.points();
        List<String> lines = new ArrayList<>();
        lines.add("Learning rates from " + rate(points.getFirst().rate()) + " to "
                + rate(points.getLast().rate()) + ", a step each: "
                + (curve.diverged()
                        ? "the loss ran away after " + points.size() + " of " + steps + " steps"
                        : points.size() + " steps"));
        if (terminal.unicode()) {
            List<Double> averages =
                    points.stream().map(LearningRateCurve.Point::average).toList();
            lines.add(field("loss") + Sparkline.of(averages, BLOCKS));
        }
        lines.add(field("steepest")
                + curve.steepest()
                        .map(found -> rate(found.rate()) + ", where the loss falls fastest: a rate to begin with")
                        .orElse("nowhere: the loss does not fall; try another range, or more steps"));
        lines.add(field("least")
                + rate(curve.lowest().rate()) + ", loss "
                + Units.loss(curve.lowest().average())
                + ": larger rates are too large");
        return lines;
    }

    /** A row for each step. */
    public static List<String> csv(LearningRateCurve curve) {
        List<String> lines = new ArrayList<>(List.of("step,learning_rate,loss,average"));
        for (int i = 0; i < curve.points().size(); i++) {
            LearningRateCurve.Point point = curve.points().get(i);
            lines.add((i + 1) + ","
                    + String.format(Locale.ROOT, "%.6e,%.6f,%.6f", point.rate(), point.loss(), point.average()));
        }
        return lines;
    }

    private static String rate(double rate) {
        String text = String.format(Locale.ROOT, "%.3g", rate);
        return text.contains(".") ? text.replaceFirst("\\.?0+(?=e|$)", "") : text;
    }
}
