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
 * A loss where the graph ends, or on the way. Its place in the order is right behind the last node that it reads, whose stage computes it.
 *
 * @param name what its loss and metrics are called
 * @param loss what is computed
 * @param inputs what the loss reads of the model
 * @param targets names of what it reads of the batch
 * @param weight factor of its loss in the sum that is minimised, finite and above 0
 * @param metrics what is measured beside it, in the order in which it is told; by default {@link Metrics#usual}
 */
public record Head(
        String name, Loss loss, List<Value> inputs, List<String> targets, double weight, List<Metric> metrics) {
    /**
     * With the usual metrics of its loss.
     *
     * @param name what its loss and metrics are called
     * @param loss what is computed
     * @param inputs what the loss reads of the model
     * @param targets names of what it reads of the batch
     * @param weight factor of its loss in the sum that is minimised, finite and above 0
     */
    public Head(String name, Loss loss, List<Value> inputs, List<String> targets, double weight) {
        this(name, loss, inputs, targets, weight, Metrics.usual(loss));
    }

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if the weight is not finite or not above 0
     */
    public Head {
        inputs = List.copyOf(inputs);
        targets = List.copyOf(targets);
        metrics = List.copyOf(metrics);
        if (!(weight > 0 && Double.isFinite(weight))) {
            throw new IllegalArgumentException("head " + name + ": expected a weight above 0, found " + weight);
        }
    }

    /**
     * {@return types of the targets, in the order of their names}
     *
     * @param types of what the loss reads of the model, samples outermost
     * @throws IllegalArgumentException if the head names more or fewer targets than its loss takes, or an input does not fit the loss
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

    /**
     * {@return tensors that the loss needs for itself, then those that each metric needs, in their order}
     *
     * @param types of what the loss reads of the model, samples outermost
     */
    public List<TensorType> room(List<TensorType> types) {
        List<TensorType> room = new ArrayList<>(loss.room(types));
        metrics.forEach(metric -> room.addAll(metric.room(types)));
        return room;
    }

    /**
     * {@return the same with other metrics}
     *
     * @param others instead of those that are there, in the order in which they are told
     */
    public Head withMetrics(List<Metric> others) {
        return new Head(name, loss, inputs, targets, weight, others);
    }

    /** {@return index of the node behind which it stands, from 0; negative if it reads nothing but inputs of the model} */
    public int node() {
        return inputs.stream().mapToInt(Value::node).max().orElseThrow();
    }
}
