package io.ketju.tensor.kernel;

import io.ketju.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Optimizer updates: one pass over the parameter, its gradient and its state. All operands have equal shapes. */
public interface UpdateKernels {
    /** Hyperparameters of one SGD update, as torch.optim.SGD names them. */
    record SgdStep(
            float learningRate, float momentum, float dampening, float weightDecay, boolean nesterov, boolean first) {}

    /** Hyperparameters of one Adam update, as torch.optim.Adam names them; step counts from 1. */
    record AdamStep(float learningRate, float beta1, float beta2, float epsilon, float weightDecay, long step) {}

    /** torch.optim.SGD. Updates w and momentumBuffer (null without momentum) in place. */
    void sgd(SgdStep step, Tensor w, Tensor dw, @Nullable Tensor momentumBuffer);

    /** torch.optim.Adam (L2 decay added to the gradient). Updates w, m (exp_avg) and v (exp_avg_sq) in place. */
    void adam(AdamStep step, Tensor w, Tensor dw, Tensor m, Tensor v);
}
