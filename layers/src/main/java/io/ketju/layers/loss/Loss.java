package io.ketju.layers.loss;

import io.ketju.layers.IntRange;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/** One number of each micro-batch that is to become small, and its gradient. Immutable. */
public interface Loss {
    /** The loss as text that {@link Losses#parse} reads back: {@code CrossEntropyLoss()}. */
    Spec spec();

    /**
     * Types of the targets for inputs of these types, samples outermost; throws {@link IllegalArgumentException} printing
     * what was expected and found if an input does not fit.
     */
    List<TensorType> targets(List<TensorType> inputs);

    /**
     * Which whole numbers one of the targets may have for inputs of these types; empty where any are taken, and for floats.
     * {@link #compute} throws for others.
     */
    default Optional<IntRange> range(int target, List<TensorType> inputs) {
        return Optional.empty();
    }

    /**
     * What the targets of one micro-batch weigh. The sum over the mini-batch is what its loss is divided by, see
     * {@link #denominator}. By default
     * every sample weighs 1: as many as the first target has.
     *
     * @param samples of the micro-batch, for losses without targets
     */
    default double weight(int samples, List<Tensor> targets) {
        return targets.isEmpty() ? samples : targets.getFirst().shape().dimension(0);
    }

    /** What the sum of losses is divided by where the targets weigh so much: that, unless it is the sum that is minimised. */
    default double denominator(double weight) {
        return weight;
    }

    /** What outputs of a model that learnt by this loss become as predictions. */
    default Prediction prediction() {
        return Prediction.OUTPUTS;
    }

    /**
     * What can be measured beside it, by different names; the first is what a job measures that chooses none. A loss that
     * lists nothing has no metric, and nobody is told one.
     */
    default List<Metric> metrics() {
        return List.of();
    }

    /** Tensors that {@link #compute} needs for itself. */
    List<TensorType> room(List<TensorType> inputs);

    /**
     * The sum of one micro-batch's losses, not divided, added in sample order in double precision; overwrites the gradients
     * of the inputs, multiplied by {@link LossPass#scale}.
     */
    double compute(LossPass pass);
}
