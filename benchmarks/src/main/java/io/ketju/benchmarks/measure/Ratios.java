package io.ketju.benchmarks.measure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Ratios to a peer, gathered over many rows of tables, and what they come to. */
public final class Ratios {
    private record Named(String name, double value) {}

    private final List<Named> all = new ArrayList<>();

    /** One more ratio, above 0. */
    public void add(String name, double ratio) {
        if (!(ratio > 0 && ratio < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("a ratio is positive and finite, got " + ratio + " for " + name);
        }
        all.add(new Named(name, ratio));
    }

    /** All of another's too. */
    public void addAll(Ratios other) {
        all.addAll(other.all);
    }

    /** How many. */
    public int count() {
        return all.size();
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** The n-th root of the product: the mean under which twice as fast and half as fast come to the same. */
    public double geometricMean() {
        return Math.exp(
                all.stream().mapToDouble(each -> Math.log(each.value)).average().orElseThrow());
    }

    /** The smallest. */
    public double worst() {
        return all.stream().mapToDouble(Named::value).min().orElseThrow();
    }

    /** {@code geometric mean 1.05 of 21, worst 0.91 (8 x 512 x 512), 0.93 (64 x 64 x 64), ...}. */
    public String summary() {
        List<String> lowest = all.stream()
                .sorted(Comparator.comparingDouble(Named::value))
                .limit(3)
                .map(each -> String.format(Locale.ROOT, "%.2f (%s)", each.value, each.name))
                .toList();
        return "geometric mean " + Report.number(geometricMean(), 2) + " of " + all.size() + ", worst "
                + String.join(", ", lowest);
    }
}
