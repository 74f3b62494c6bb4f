package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import java.util.List;

/** Updates one parameter from its gradient. Immutable; state lives in tensors of the parameter's shape. */
public interface Optimizer {
    /** {@return the optimizer as text that {@link Optimizers#parse} reads back: {@code Adam(lr=0.001)}} */
    Spec spec();

    /**
     * A tensor of each parameter's shape that is kept from step to step.
     *
     * @param name as in PyTorch: {@code exp_avg}
     * @param initial what every element is before the parameter's first update
     */
    record State(String name, float initial) {
        /**
         * One of zeros, as most are.
         *
         * @param name as in PyTorch: {@code exp_avg}
         */
        public State(String name) {
            this(name, 0);
        }
    }

    /** {@return what is kept of each parameter, always in the same order} */
    List<State> states();

    /** {@return names of {@link #states}} */
    default List<String> stateNames() {
        return states().stream().map(State::name).toList();
    }

    /** Which gradients an optimizer takes: whole ones, or those of which only some rows are there, as of a table. */
    enum Gradients {
        /** Whole ones. */
        WHOLE,
        /** Sparse ones alone. */
        SPARSE,
        /** Both; of a sparse one it updates the rows that are there. */
        BOTH,
        /** Both; a sparse one counts as zeros where it has no rows, because old gradients move all rows. */
        BOTH_AS_WHOLE
    }

    /** {@return which gradients it takes; torch.optim refuses the same} */
    default Gradients gradients() {
        return Gradients.WHOLE;
    }

    /**
     * {@return whether an update at a rate above 0 leaves every bit of an element as it is, and of its state, where the gradient is +0:
     * then rows of a table that have no gradient may go along with those that have}
     */
    default boolean staysWithoutGradient() {
        return false;
    }

    /**
     * One update in place. Of a sparse gradient, parameter, gradient and state are the rows that are there, side by side, unless it counts
     * as a {@link Gradients#BOTH_AS_WHOLE whole} one, or {@link #staysWithoutGradient} and most rows are there.
     *
     * @param kernels what computes
     * @param learningRate the rate of this step, from the schedule; in double, until kernels round what follows from it
     * @param step counts the updates of this parameter, from 1
     * @param parameter of any shape, changed in place
     * @param gradient of the same shape; may be overwritten: nobody reads it afterwards
     * @param state tensors in the order of {@link #states}, before the first update of the initial value
     */
    void update(Kernels kernels, double learningRate, long step, Tensor parameter, Tensor gradient, List<Tensor> state);

    /** {@return whether {@link #predict} can tell where its updates lead: they go in a direction that is kept from one to the next} */
    default boolean predicts() {
        return false;
    }

    /**
     * Where a parameter will be after some more updates if all go in the direction that is kept. The parameter and its state stay as they
     * are.
     *
     * @param kernels what computes
     * @param rates those of the coming updates, at least one
     * @param step updates that the state has been through, at least 1
     * @param parameter read only
     * @param state tensors in the order of {@link #states}
     * @param predicted of the parameter's shape, overwritten
     * @throws UnsupportedOperationException unless it {@link #predicts}
     */
    default void predict(
            Kernels kernels, List<Double> rates, long step, Tensor parameter, List<Tensor> state, Tensor predicted) {
        throw new UnsupportedOperationException(this + " keeps no direction");
    }

    /** {@return the base learning rate that the schedule scales} */
    double learningRate();
}
