package io.ketju.report.figure;

import io.ketju.layers.loss.ConfusionMatrix;
import java.util.List;

/**
 * Which classes were told for which.
 *
 * @param title what stands above it
 * @param classes a name for each
 * @param counts of the test samples
 */
public record Confusion(String title, List<String> classes, ConfusionMatrix counts) implements Figure {
    /** Copies the names. */
    public Confusion {
        classes = List.copyOf(classes);
    }

    @Override
    public String name() {
        return "confusion";
    }
}
