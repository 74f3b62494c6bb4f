package io.ketju.layers.model;

import io.ketju.layers.loss.Loss;
import java.util.List;

/**
 * A loss where the graph ends, or on the way. Its place in the order is right behind the last node that it reads, whose
 * stage computes it.
 *
 * @param name what its loss and metrics are called
 * @param inputs what the loss reads of the model
 * @param targets names of what it reads of the batch
 * @param weight factor of its loss in the sum that is minimised
 */
public record Head(String name, Loss loss, List<Value> inputs, List<String> targets, double weight) {
    public Head {
        inputs = List.copyOf(inputs);
        targets = List.copyOf(targets);
        if (!(weight > 0 && Double.isFinite(weight))) {
            throw new IllegalArgumentException("head " + name + ": expected a weight above 0, found " + weight);
        }
    }

    /** Index of the node behind which it stands. */
    public int node() {
        return inputs.stream().mapToInt(Value::node).max().orElseThrow();
    }
}
