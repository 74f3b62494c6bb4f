package io.ketju.layers;

import io.ketju.tensor.TensorType;
import java.util.List;

/** A layer with one float input and one output: most are. */
public interface OneToOne extends Layer {
    /**
     * Infers the type of the output.
     *
     * @param input its type, float32
     * @return type of the output
     * @throws IllegalArgumentException as {@link Layer#outputs} does
     */
    TensorType output(TensorType input);

    /**
     * {@link Layer#footprint} for this input.
     *
     * @param input its type, float32
     * @return what memory is planned from
     */
    Footprint footprint(TensorType input);

    /**
     * {@link Layer#forwardFlops} for this input.
     *
     * @param input its type, float32
     * @return floating-point operations
     */
    long forwardFlops(TensorType input);

    @Override
    default List<TensorType> outputs(List<TensorType> inputs) {
        return List.of(output(only(inputs)));
    }

    @Override
    default Footprint footprint(List<TensorType> inputs) {
        return footprint(only(inputs));
    }

    @Override
    default long forwardFlops(List<TensorType> inputs) {
        return forwardFlops(only(inputs));
    }

    private static TensorType only(List<TensorType> inputs) {
        Inputs.require(inputs, 1);
        Inputs.requireFloats(inputs, 0);
        return inputs.getFirst();
    }
}
