package io.ketju.tensor.kernel;

import io.ketju.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Optimizer updates: one pass over the parameter, its gradient and its state. All operands have equal shapes. */
public interface UpdateKernels {
    /**
     * Hyperparameters of one SGD update, as torch.optim.SGD names them. Doubles, because PyTorch computes 1 - dampening
     * and the like in double too. {@code first}: the momentum buffer is not yet filled.
     */
    record SgdStep(
            double learningRate,
            double momentum,
            double dampening,
            double weightDecay,
            boolean nesterov,
            boolean first) {}

    /** Hyperparameters of one Adam update, as torch.optim.Adam names them, in double; step counts from 1. */
    record AdamStep(double learningRate, double beta1, double beta2, double epsilon, double weightDecay, long step) {}

    /** torch.optim.SGD. Updates w and momentumBuffer (null without momentum) in place. */
    void sgd(SgdStep step, Tensor w, Tensor dw, @Nullable Tensor momentumBuffer);

    /** torch.optim.Adam (L2 decay added to the gradient). Updates w, m (exp_avg) and v (exp_avg_sq) in place. */
    void adam(AdamStep step, Tensor w, Tensor dw, Tensor m, Tensor v);
}
