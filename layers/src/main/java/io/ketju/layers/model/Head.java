package io.ketju.layers.model;

import io.ketju.layers.loss.Loss;
import io.ketju.layers.loss.Metric;
import io.ketju.layers.loss.Metrics;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Plural;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * A loss where the graph ends, or on the way. Its place in the order is right behind the last node that it reads, whose
 * stage computes it.
 *
 * @param name what its loss and metrics are called
 * @param inputs what the loss reads of the model
 * @param targets names of what it reads of the batch
 * @param weight factor of its loss in the sum that is minimised
 * @param metrics what is measured beside it, in the order in which it is told; by default {@link Metrics#usual}
 */
public record Head(
        String name, Loss loss, List<Value> inputs, List<String> targets, double weight, List<Metric> metrics) {
    /** With the usual metrics of its loss. */
    public Head(String name, Loss loss, List<Value> inputs, List<String> targets, double weight) {
        this(name, loss, inputs, targets, weight, Metrics.usual(loss));
    }

    public Head {
        inputs = List.copyOf(inputs);
        targets = List.copyOf(targets);
        metrics = List.copyOf(metrics);
        if (!(weight > 0 && Double.isFinite(weight))) {
            throw new IllegalArgumentException("head " + name + ": expected a weight above 0, found " + weight);
        }
    }

    /**
     * Types of the targets for inputs of these types; throws {@link IllegalArgumentException} if the head names more or fewer
     * than its loss takes.
     */
    public List<TensorType> targetTypes(List<TensorType> types) {
        List<TensorType> taken = loss.targets(types);
        if (taken.size() != targets.size()) {
            throw new IllegalArgumentException("head " + name + ": expected names of "
                    + Plural.of(taken.size(), "target") + ", " + taken + ", which " + loss.spec() + " takes, found "
                    + Excerpt.of(targets));
        }
        return taken;
    }

    /** Tensors that the loss needs for itself, then those that each metric needs, in their order. */
    public List<TensorType> room(List<TensorType> types) {
        List<TensorType> room = new ArrayList<>(loss.room(types));
        metrics.forEach(metric -> room.addAll(metric.room(types)));
        return room;
    }

    /** The same with other metrics. */
    public Head withMetrics(List<Metric> others) {
        return new Head(name, loss, inputs, targets, weight, others);
    }

    /** Index of the node behind which it stands. */
    public int node() {
        return inputs.stream().mapToInt(Value::node).max().orElseThrow();
    }
}
