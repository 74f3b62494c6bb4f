package io.ketju.benchmarks.measure;

import java.util.ArrayList;
import java.util.List;

/**
 * What one contestant reached in each round, in the order of the rounds.
 *
 * @param values rates, more is better; at least one
 */
public record Samples(List<Double> values) {
    public Samples {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("a median needs at least one value");
        }
        for (double value : values) {
            if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("a rate is positive and finite, got " + values
                        + "; if turns are too short for the clock, make them longer");
            }
        }
    }

    /** The middle value, or the mean of the two in the middle. */
    public double median() {
        return quantile(0.5);
    }

    /** The largest value: of a limit of the machine, which other work can only hide. */
    public double highest() {
        return quantile(1);
    }

    /** Distance of the quartiles as a share of the median: how much the rounds disagree. */
    public double spread() {
        return (quantile(0.75) - quantile(0.25)) / median();
    }

    /** Median over the rounds of this value divided by the other's of the same round, which saw the same load. */
    public double ratioTo(Samples other) {
        if (other.values.size() != values.size()) {
            throw new IllegalArgumentException(
                    "ratios pair rounds: " + values.size() + " against " + other.values.size());
        }
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < values.size(); round++) {
            ratios.add(values.get(round) / other.values.get(round));
        }
        return new Samples(ratios).median();
    }

    /** The value below which this share of all lies; linear between neighbours, as most statistics programs do. */
    public double quantile(double share) {
        List<Double> sorted = values.stream().sorted().toList();
        double position = share * (sorted.size() - 1);
        int below = (int) position;
        double low = sorted.get(below);
        double high = sorted.get(Math.min(below + 1, sorted.size() - 1));
        return low + (position - below) * (high - low);
    }
}
