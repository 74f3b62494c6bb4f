package io.ketju.layers.loss;

import io.ketju.layers.Inputs;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.loss.LossKernels;
import java.util.List;

/**
 * A loss of each element of the model's output and a target of the same shape, averaged over all elements of the
 * mini-batch: PyTorch's {@code reduction='mean'}.
 */
public interface PointwiseLoss extends Loss {
    /**
     * Overwrites the losses, and the gradients of the input, multiplied by the scale.
     *
     * @param kernels those of losses
     * @param pass the tensors of one micro-batch; the target has the input's type
     * @param losses of the input's type, the first tensor of {@link #room}; not multiplied by the scale
     */
    void apply(LossKernels kernels, LossPass pass, Tensor losses);

    @Override
    default List<TensorType> targets(List<TensorType> inputs) {
        Inputs.require(inputs, 1);
        Inputs.requireFloats(inputs, 0);
        if (inputs.getFirst().shape().rank() == 0) {
            throw new IllegalArgumentException(spec().name() + ": expected model output [samples, ...], found "
                    + inputs.getFirst().shape());
        }
        return inputs;
    }

    /** Every element weighs 1. */
    @Override
    default double weight(int samples, List<Tensor> targets) {
        return targets.getFirst().elements();
    }

    @Override
    default List<TensorType> room(List<TensorType> inputs) {
        return inputs;
    }

    @Override
    default List<Metric> metrics() {
        return List.of(new MeanAbsoluteError(), new RootMeanSquaredError(), new R2Score());
    }

    @Override
    default double compute(LossPass pass) {
        Tensor input = pass.input();
        if (!TensorType.of(pass.target()).equals(TensorType.of(input))) {
            throw new IllegalArgumentException(
                    spec().name() + ": expected targets " + input + " as the model's output, found " + pass.target());
        }
        Tensor losses = pass.room().getFirst();
        apply(pass.kernels().loss(), pass, losses);
        return LossSums.inOrder(losses);
    }
}
