package io.ketju.layers.optimizer;

import io.ketju.layers.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import java.util.List;

/** Updates one parameter from its gradient. Immutable; state lives in tensors of the parameter's shape. */
public interface Optimizer {
    /** The optimizer as text that {@link Optimizers#parse} reads back: {@code Adam(lr=0.001)}. */
    Spec spec();

    /** Names of the state tensors per parameter, as in PyTorch: {@code exp_avg}, {@code exp_avg_sq}. */
    List<String> stateNames();

    /**
     * One update in place.
     *
     * @param learningRate the rate of this step, from the schedule; in double, until kernels round what follows from it
     * @param step counts from 1
     * @param state tensors in the order of {@link #stateNames}, zero before the first step
     */
    void update(Kernels kernels, double learningRate, long step, Tensor parameter, Tensor gradient, List<Tensor> state);

    /** The base learning rate that the schedule scales. */
    double learningRate();
}
