package io.ketju.pipeline.partition;

import io.ketju.layers.model.Model;
import io.ketju.layers.model.Node;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Plural;
import java.util.ArrayList;
import java.util.List;

/**
 * Which nodes form which stage: stage s has nodes {@code bounds[s]} to {@code bounds[s + 1] - 1}.
 *
 * @param bounds ascending, from 0 to the number of nodes; one more entry than stages
 */
public record Partition(List<Integer> bounds) {
    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if the bounds do not ascend from 0
     */
    public Partition {
        bounds = List.copyOf(bounds);
        boolean ascending = bounds.size() >= 2 && bounds.getFirst() == 0;
        for (int i = 1; ascending && i < bounds.size(); i++) {
            ascending = bounds.get(i) > bounds.get(i - 1);
        }
        if (!ascending) {
            throw new IllegalArgumentException(
                    "partition bounds must ascend from 0, so that every stage has a layer, got " + Excerpt.of(bounds));
        }
    }

    /**
     * {@return the whole model as one stage}
     *
     * @param model of at least one node
     */
    public static Partition single(Model model) {
        return new Partition(List.of(0, model.nodes().size()));
    }

    /**
     * {@return stages that start at given nodes}
     *
     * @param model of more nodes than the last of them
     * @param firstNodes of the stages, ascending; the first starts at 0 and need not be named
     * @throws IllegalArgumentException if they do not ascend or the model has no such node
     */
    public static Partition startingAt(Model model, List<Integer> firstNodes) {
        List<Integer> bounds = new ArrayList<>(firstNodes);
        if (bounds.isEmpty() || bounds.getFirst() != 0) {
            bounds.addFirst(0);
        }
        bounds.add(model.nodes().size());
        return new Partition(bounds);
    }

    /** {@return the number of stages} */
    public int stages() {
        return bounds.size() - 1;
    }

    /**
     * {@return the stage that has a node}
     *
     * @param node index in the model
     */
    public int stageOf(int node) {
        int stage = 0;
        while (bounds.get(stage + 1) <= node) {
            stage++;
        }
        return stage;
    }

    /**
     * {@return the nodes of one stage}
     *
     * @param model that the partition fits
     * @param stage from 0
     */
    public List<Node> nodes(Model model, int stage) {
        return model.nodes().subList(bounds.get(stage), bounds.get(stage + 1));
    }

    /**
     * Checks that every node is in exactly one stage.
     *
     * @param model that is to be cut
     * @throws IllegalArgumentException if it has more or fewer nodes
     */
    public void requireFits(Model model) {
        if (bounds.getLast() != model.nodes().size()) {
            throw new IllegalArgumentException(
                    "partition " + Excerpt.of(bounds) + " covers " + Plural.of(bounds.getLast(), "layer")
                            + ", the model has " + model.nodes().size());
        }
    }
}
