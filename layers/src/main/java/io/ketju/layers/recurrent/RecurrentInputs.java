package io.ketju.layers.recurrent;

import io.ketju.layers.Inputs;
import io.ketju.tensor.TensorType;
import java.util.List;

/**
 * What a recurrent layer is given besides the sequences.
 *
 * @param lengths whether input 1 says how many steps of each sequence are none of the padding
 * @param states whether the last inputs are the states before the first step
 */
record RecurrentInputs(boolean lengths, boolean states) {
    /**
     * Throws {@link IllegalArgumentException} if there are too many or too few.
     *
     * @param stateTensors how many inputs the states are
     */
    static RecurrentInputs of(List<TensorType> inputs, int stateTensors) {
        boolean lengths = inputs.size() > 1 && !inputs.get(1).differentiable();
        RecurrentInputs given = new RecurrentInputs(lengths, inputs.size() > (lengths ? 2 : 1));
        int expected = given.firstState() + (given.states() ? stateTensors : 0);
        if (inputs.size() != expected) {
            throw new IllegalArgumentException("expected sequences, then lengths int32 if they are padded, then "
                    + (stateTensors == 1 ? "h_0" : "h_0 and c_0") + " or nothing, found " + inputs.size() + " inputs "
                    + inputs);
        }
        for (int i = given.firstState(); i < inputs.size(); i++) {
            Inputs.requireFloats(inputs, i);
        }
        return given;
    }

    /** Position of the first input that is a state. */
    int firstState() {
        return lengths ? 2 : 1;
    }
}
