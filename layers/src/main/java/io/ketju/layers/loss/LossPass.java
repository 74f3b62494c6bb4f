package io.ketju.layers.loss;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a loss has at hand for one micro-batch. Nothing may be kept beyond the call.
 *
 * @param kernels the maths
 * @param inputs what the model gives, in the order of the head
 * @param targets what the batch gives, in the order of the head
 * @param gradInputs gradients of the inputs, to be overwritten; null for those that are not float32
 * @param room tensors of the types that {@link Loss#room} lists, contents undefined
 * @param scale what each gradient is multiplied by, in the operation that makes it: the head's weight, divided by the
 *     sum of what the targets of the whole mini-batch weigh
 */
public record LossPass(
        Kernels kernels,
        List<Tensor> inputs,
        List<Tensor> targets,
        List<@Nullable Tensor> gradInputs,
        List<Tensor> room,
        double scale) {
    /** {@return the first input, of most losses the only one} */
    public Tensor input() {
        return inputs.getFirst();
    }

    /** {@return the first target, of most losses the only one} */
    public Tensor target() {
        return targets.getFirst();
    }

    /**
     * {@return the gradient of the first input, to be overwritten}
     *
     * @throws IllegalStateException if that is not float32
     */
    public Tensor gradInput() {
        return gradInput(0);
    }

    /**
     * The gradient of an input, to be overwritten.
     *
     * @param index position among the inputs
     * @return the tensor, of the input's type
     * @throws IllegalStateException if the input is not float32
     */
    public Tensor gradInput(int index) {
        Tensor gradient = gradInputs.get(index);
        if (gradient == null) {
            throw new IllegalStateException("input " + index + " of the loss is not float32");
        }
        return gradient;
    }
}
