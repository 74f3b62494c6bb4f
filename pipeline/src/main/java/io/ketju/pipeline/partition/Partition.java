package io.ketju.pipeline.partition;

import java.util.List;

/**
 * Which nodes form which stage: stage s has nodes {@code bounds[s]} to {@code bounds[s + 1] - 1}.
 *
 * @param bounds ascending, from 0 to the number of nodes; one more entry than stages
 */
public record Partition(List<Integer> bounds) {
    public Partition {
        bounds = List.copyOf(bounds);
    }

    public int stages() {
        return bounds.size() - 1;
    }
}
