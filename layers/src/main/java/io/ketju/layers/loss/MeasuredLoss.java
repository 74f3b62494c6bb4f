package io.ketju.layers.loss;

import io.ketju.layers.IntRange;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A loss with metrics of one's own before those that it has: the first is what a job measures that chooses none, and all can be
 * chosen by name. What is learnt is the same, and so is the loss's text: whoever reads it back has the loss alone.
 *
 * @param of the loss
 * @param own at least one, by names that the loss does not have
 */
public record MeasuredLoss(Loss of, List<Metric> own) implements Loss {
    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if it is empty, or two metrics of both have one name
     */
    public MeasuredLoss {
        own = List.copyOf(own);
        List<String> names = Stream.concat(own.stream(), of.metrics().stream())
                .map(Metric::name)
                .toList();
        if (own.isEmpty() || names.stream().distinct().count() < names.size()) {
            throw new IllegalArgumentException(
                    of.spec() + ": expected at least one metric more, each by another name, found " + names);
        }
    }

    /**
     * With metrics in this order.
     *
     * @param of the loss
     * @param own at least one, by names that the loss does not have
     */
    public MeasuredLoss(Loss of, Metric... own) {
        this(of, List.of(own));
    }

    @Override
    public Spec spec() {
        return of.spec();
    }

    @Override
    public List<TensorType> targets(List<TensorType> inputs) {
        return of.targets(inputs);
    }

    @Override
    public Optional<IntRange> range(int target, List<TensorType> inputs) {
        return of.range(target, inputs);
    }

    @Override
    public double weight(int samples, List<Tensor> targets) {
        return of.weight(samples, targets);
    }

    @Override
    public double denominator(double weight) {
        return of.denominator(weight);
    }

    @Override
    public Prediction prediction() {
        return of.prediction();
    }

    @Override
    public List<Metric> metrics() {
        return Stream.concat(own.stream(), of.metrics().stream()).toList();
    }

    @Override
    public List<TensorType> room(List<TensorType> inputs) {
        return of.room(inputs);
    }

    @Override
    public double compute(LossPass pass) {
        return of.compute(pass);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
