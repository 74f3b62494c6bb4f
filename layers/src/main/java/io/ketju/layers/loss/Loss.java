package io.ketju.layers.loss;

import io.ketju.layers.IntRange;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/** One number of each micro-batch that is to become small, and its gradient. Immutable. */
public interface Loss {
    /** {@return the loss as text that {@link Losses#parse} reads back: {@code CrossEntropyLoss()}} */
    Spec spec();

    /**
     * Types of the targets.
     *
     * @param inputs types of the outputs that the head gives it, samples outermost
     * @return one for each target, samples outermost; none for a loss without
     * @throws IllegalArgumentException printing what was expected and found, if an input does not fit
     */
    List<TensorType> targets(List<TensorType> inputs);

    /**
     * Which whole numbers one of the targets may have. {@link #compute} throws for others.
     *
     * @param target position among the targets
     * @param inputs types of the outputs that the head gives it
     * @return the range; empty where any are taken, and for floats
     */
    default Optional<IntRange> range(int target, List<TensorType> inputs) {
        return Optional.empty();
    }

    /**
     * What the targets of one micro-batch weigh. The sum over the mini-batch is what its loss is divided by, see {@link #denominator}.
     *
     * @param samples of the micro-batch, for losses without targets
     * @param targets of the micro-batch, of the types that {@link #targets} says
     * @return by default 1 for every sample: as many as the first target has
     */
    default double weight(int samples, List<Tensor> targets) {
        return targets.isEmpty() ? samples : targets.getFirst().shape().dimension(0);
    }

    /**
     * What the sum of a mini-batch's losses is divided by.
     *
     * @param weight what all its targets weigh
     * @return that, unless it is the sum that is minimised, which is divided by 1
     */
    default double denominator(double weight) {
        return weight;
    }

    /** {@return what outputs of a model that learnt by this loss become as predictions} */
    default Prediction prediction() {
        return Prediction.OUTPUTS;
    }

    /**
     * {@return what can be measured beside it, by different names; the first is what a job measures that chooses none. A loss that lists
     * nothing has no metric, and nobody is told one}
     */
    default List<Metric> metrics() {
        return List.of();
    }

    /**
     * Tensors that {@link #compute} needs for itself.
     *
     * @param inputs types of the outputs that the head gives it
     * @return their types, in the order of {@link LossPass#room}
     */
    List<TensorType> room(List<TensorType> inputs);

    /**
     * Overwrites the gradients of the inputs, multiplied by {@link LossPass#scale}.
     *
     * @param pass the tensors of one micro-batch
     * @return the sum of the micro-batch's losses, not divided, added in sample order in double precision
     * @throws IllegalArgumentException for a target that is none, naming its sample
     */
    double compute(LossPass pass);
}
