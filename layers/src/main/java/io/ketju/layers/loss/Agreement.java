package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import java.util.List;
import java.util.Locale;

/** How well what is told agrees with what is true, of one class or label or of all of them together. */
enum Agreement {
    /** Of what is told, how much is true. */
    PRECISION("how much of what is told is true", "both / told"),
    /** Of what is true, how much is told. */
    RECALL("how much of what is true is told", "both / true"),
    /** Harmonic mean of the two: unlike an accuracy it says something where most labels are false. */
    F1("harmonic mean of precision and recall", "2 · both / (told + true)");

    /** Per class or label: both told and true, told, true. */
    static final int COUNTS = 3;

    /** Mean over the classes or labels, each by itself. */
    final Description macro;

    /** Over all labels together. */
    final Description micro;

    Agreement(String what, String formula) {
        String name = name().toLowerCase(Locale.ROOT);
        macro = Description.of("macro_" + name, "Mean over the classes or labels of " + what)
                .formula(formula + " of each; 0 of nothing; classes that are neither told nor true are left out")
                .shapes("of losses of class indexes and of BCEWithLogitsLoss")
                .source("sklearn.metrics." + (name.equals("f1") ? "f1_score" : name + "_score"));
        micro = Description.of(name, "Of all labels together, " + what)
                .formula(formula + "; 0 of nothing")
                .shapes("of BCEWithLogitsLoss");
    }

    /** The share of some counts; 0 where there is nothing to divide by. */
    double of(double both, double told, double real) {
        double of = this == PRECISION ? told : this == RECALL ? real : (told + real) / 2;
        return of == 0 ? 0 : both / of;
    }

    /** Of all counts added. */
    double micro(List<Double> counts) {
        double[] sums = new double[COUNTS];
        for (int i = 0; i < counts.size(); i++) {
            sums[i % COUNTS] += counts.get(i);
        }
        return of(sums[0], sums[1], sums[2]);
    }

    /** Mean over those that are told or true at all; NaN if none is. */
    double macro(List<Double> counts) {
        double sum = 0;
        int there = 0;
        for (int at = 0; at < counts.size(); at += COUNTS) {
            if (counts.get(at + 1) + counts.get(at + 2) > 0) {
                sum += of(counts.get(at), counts.get(at + 1), counts.get(at + 2));
                there++;
            }
        }
        return there == 0 ? Double.NaN : sum / there;
    }
}
