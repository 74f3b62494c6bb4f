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
    /** The layer as text that {@code catalogue.Layers.parse} reads back: {@code Conv2d(1, 6, kernel_size=5, padding=2)}. */
    Spec spec();

    /** The parameters, in the order of {@link Pass#parameter}; empty for layers without. */
    default List<Parameter> parameters() {
        return List.of();
    }

    /**
     * Which parameters, by their position, forward takes as {@link Pass#transposed}: those that are packed for steps of
     * many micro-batches.
     */
    default List<Integer> transposedParameters() {
        return List.of();
    }

    /** Types of the outputs; throws {@link IllegalArgumentException} printing what was expected and found if an input does not fit. */
    List<TensorType> outputs(List<TensorType> inputs);

    /**
     * Which whole numbers the layer takes at one of its inputs of these types; empty where it takes any, and for floats.
     * {@link #forward} throws for others.
     */
    default Optional<IntRange> range(int input, List<TensorType> inputs) {
        return Optional.empty();
    }

    /**
     * Throws {@link IllegalArgumentException} if no micro-batch of these types can be trained on, though it may be
     * evaluated: one value per channel has no variance. To be asked before a run for the smallest that will come.
     */
    default void requireTrainable(List<TensorType> inputs) {}

    /** What backward reads and keeps for inputs of these types. Which ports it reads does not depend on the sizes. */
    Footprint footprint(List<TensorType> inputs);

    /** Floating-point operations of one forward pass over inputs of these types; backward costs are derived from it. */
    long forwardFlops(List<TensorType> inputs);

    /**
     * What takes the layer's place when sequences grow by one position, with the bits of the whole; empty where there is nothing
     * but to go through all positions again.
     *
     * @param given what each input is
     * @param inputs types of the whole
     */
    default Optional<Increment> increment(List<Increment.Given> given, List<TensorType> inputs) {
        return Optional.empty();
    }

    /** Overwrites all outputs. Not called for a {@link Footprint#view}. */
    void forward(Pass pass);

    /**
     * Overwrites the gradients of those inputs that want one ({@link Pass#wantsGradient}), from the gradients of the
     * outputs; touches no weight gradient. Not called if no input wants one, nor for a {@link Footprint#view}.
     */
    void backwardInput(Pass pass);

    /**
     * Adds this micro-batch's part into the gradients of those parameters that learn ({@link Pass#wantsWeightGradient}). Not
     * called if none does.
     */
    default void backwardWeight(Pass pass) {}

    /** Once per mini-batch, before the optimizer step: makes of what its micro-batches left what the buffers keep. */
    default void commit(Commit commit) {}
}
