package io.ketju.layers;

import io.ketju.layers.spec.Spec;
import io.ketju.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * A differentiable function of tensors with named parameters: the smallest thing with a backward of its own. Any number
 * of inputs and outputs; most layers have one of each and are {@link OneToOne}. Immutable and shared: several stages,
 * runs and threads may use one layer at once.
 *
 * <p>Types are whole: what the layer takes for samples is an outermost dimension like any other. They may differ from
 * micro-batch to micro-batch; inputs with larger dimensions never give outputs with smaller ones, because memory is
 * planned for the largest.
 */
public interface Layer {
    /** {@return the layer as text that {@code catalogue.Layers.parse} reads back: {@code Conv2d(1, 6, kernel_size=5, padding=2)}} */
    Spec spec();

    /** {@return the parameters, in the order of {@link Pass#parameter}; empty for layers without} */
    default List<Parameter> parameters() {
        return List.of();
    }

    /**
     * {@return which parameters, by their position, forward takes as {@link Pass#transposed}: those that are packed for steps of many
     * micro-batches}
     */
    default List<Integer> transposedParameters() {
        return List.of();
    }

    /**
     * Infers the types of the outputs.
     *
     * @param inputs types of the inputs, in order
     * @return types of the outputs, in order
     * @throws IllegalArgumentException if an input does not fit, printing what was expected and what was found
     */
    List<TensorType> outputs(List<TensorType> inputs);

    /**
     * Which whole numbers the layer takes at one of its inputs. {@link #forward} throws for others.
     *
     * @param input position among the inputs
     * @param inputs types of all of them
     * @return the range; empty where it takes any, and for floats
     */
    default Optional<IntRange> range(int input, List<TensorType> inputs) {
        return Optional.empty();
    }

    /**
     * Asks whether a micro-batch of these types can be trained on, and not only evaluated: one value per channel has no variance. To be
     * asked before a run for the smallest that will come.
     *
     * @param inputs types of the inputs, in order
     * @throws IllegalArgumentException if it cannot
     */
    default void requireTrainable(List<TensorType> inputs) {}

    /**
     * What backward reads and keeps. Which ports it reads does not depend on the sizes.
     *
     * @param inputs types of the inputs, in order
     * @return what memory is planned from
     */
    Footprint footprint(List<TensorType> inputs);

    /**
     * The cost of one forward pass, in floating-point operations; backward costs are derived from it.
     *
     * @param inputs types of the inputs, in order
     * @return operations, not measured but counted
     */
    long forwardFlops(List<TensorType> inputs);

    /**
     * What takes the layer's place when sequences grow by one position, with the bits of the whole.
     *
     * @param given what each input is
     * @param inputs types of the whole
     * @return empty where there is nothing but to go through all positions again
     */
    default Optional<Increment> increment(List<Increment.Given> given, List<TensorType> inputs) {
        return Optional.empty();
    }

    /**
     * Overwrites all outputs. Not called for a {@link Footprint#view}.
     *
     * @param pass the tensors of one micro-batch, not to be kept beyond the call
     */
    void forward(Pass pass);

    /**
     * Overwrites the gradients of those inputs that want one ({@link Pass#wantsGradient}), from the gradients of the outputs; touches no
     * weight gradient. Not called if no input wants one, nor for a {@link Footprint#view}.
     *
     * @param pass the tensors of one micro-batch, not to be kept beyond the call
     */
    void backwardInput(Pass pass);

    /**
     * Adds this micro-batch's part into the gradients of those parameters that learn ({@link Pass#wantsWeightGradient}). Not called if none
     * does.
     *
     * @param pass the tensors of one micro-batch, not to be kept beyond the call
     */
    default void backwardWeight(Pass pass) {}

    /**
     * Once per mini-batch, before the optimizer step: makes of what its micro-batches left what the buffers keep.
     *
     * @param commit what they left, and the buffers to change
     */
    default void commit(Commit commit) {}
}
