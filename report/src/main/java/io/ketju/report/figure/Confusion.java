package io.ketju.report.figure;

import io.ketju.layers.loss.ConfusionMatrix;
import java.util.List;

/**
 * Which classes were told for which.
 *
 * @param classes a name for each
 */
public record Confusion(String title, List<String> classes, ConfusionMatrix counts) implements Figure {
    public Confusion {
        classes = List.copyOf(classes);
    }

    @Override
    public String name() {
        return "confusion";
    }
}
