package io.ketju.layers.recurrent;

import io.ketju.layers.Footprint;
import io.ketju.layers.Increment;
import io.ketju.layers.IntRange;
import io.ketju.layers.Layer;
import io.ketju.layers.Parameter;
import io.ketju.layers.Pass;
import io.ketju.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/** A layer that reads sequences step by step; they differ in their cell. */
public interface Recurrent extends Layer {
    /** {@return what it is made of} */
    Recurrence recurrence();

    @Override
    default List<Parameter> parameters() {
        return recurrence().parameters();
    }

    @Override
    default List<Integer> transposedParameters() {
        return recurrence().transposedParameters();
    }

    @Override
    default List<TensorType> outputs(List<TensorType> inputs) {
        return recurrence().outputs(inputs);
    }

    /** Of the lengths: no more than the steps there are. */
    @Override
    default Optional<IntRange> range(int input, List<TensorType> inputs) {
        return input == 1 && !inputs.get(1).differentiable()
                ? Optional.of(
                        IntRange.below("a length", inputs.getFirst().shape().dimension(1) + 1))
                : Optional.empty();
    }

    @Override
    default Footprint footprint(List<TensorType> inputs) {
        return recurrence().footprint(inputs);
    }

    @Override
    default long forwardFlops(List<TensorType> inputs) {
        return recurrence().forwardFlops(inputs);
    }

    /** The state goes from position to position: the whole begins with the one that is given, or with zeros. */
    @Override
    default Optional<Increment> increment(List<Increment.Given> given, List<TensorType> inputs) {
        return recurrence().increment(this, given, inputs);
    }

    @Override
    default void forward(Pass pass) {
        RecurrentRun.forward(recurrence(), pass);
    }

    @Override
    default void backwardInput(Pass pass) {
        RecurrentRun.backwardInput(recurrence(), pass);
    }

    @Override
    default void backwardWeight(Pass pass) {
        RecurrentRun.backwardWeight(recurrence(), pass);
    }
}
