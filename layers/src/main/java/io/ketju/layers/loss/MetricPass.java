package io.ketju.layers.loss;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import java.util.List;

/**
 * What a metric has at hand for one micro-batch. Nothing may be kept beyond the call.
 *
 * @param kernels the maths
 * @param inputs what the model gives, in the order of the head
 * @param targets what the batch gives, in the order of the head
 * @param room tensors of the types that {@link Metric#room} lists, contents undefined
 * @param lossSum what {@link Loss#compute} gave
 * @param weight what the targets weigh
 */
public record MetricPass(
        Kernels kernels, List<Tensor> inputs, List<Tensor> targets, List<Tensor> room, double lossSum, double weight) {
    /** {@return the first input, of most losses the only one} */
    public Tensor input() {
        return inputs.getFirst();
    }

    /** {@return the first target, of most losses the only one} */
    public Tensor target() {
        return targets.getFirst();
    }
}
