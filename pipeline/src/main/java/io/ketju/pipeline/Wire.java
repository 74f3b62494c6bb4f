package io.ketju.pipeline;

import io.ketju.tensor.DType;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.NearWord;
import io.ketju.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * As what activations and gradients travel from one stage to another. Whole numbers, shared parameters and the outputs of the
 * model travel as they are.
 */
public enum Wire {
    /** All their bits: the numbers of a run do not depend on where it is cut. */
    FLOAT32("float32"),
    /**
     * The nearest bfloat16, half as large: {@link io.ketju.tensor.kernel.elementwise.ElementwiseKernels#packBfloat16}. Numbers are rounded
     * where the model is cut, so the cut is part of what decides them.
     */
    BFLOAT16("bf16");

    private final String text;

    Wire(String text) {
        this.text = text;
    }

    /**
     * {@return the wire that job files name}
     *
     * @param text {@code float32} or {@code bf16}
     * @throws IllegalArgumentException quoting anything else
     */
    public static Wire parse(String text) {
        return Arrays.stream(values())
                .filter(wire -> wire.text.equals(text.strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "expected " + FLOAT32 + " or " + BFLOAT16 + ", found \"" + Excerpt.of(text) + '"'
                                + NearWord.hint(NearWord.of(text, List.of(FLOAT32.text, BFLOAT16.text)))));
    }

    /**
     * {@return whether values of a type travel as something else}
     *
     * @param dtype of the elements
     */
    public boolean packs(DType dtype) {
        return this == BFLOAT16 && dtype == DType.FLOAT32;
    }

    /**
     * {@return what travels of a value that is packed: int32, two elements in each}
     *
     * @param elements of the value
     */
    public static TensorType pairs(int elements) {
        return TensorType.ints((int) ((elements + 1L) / 2));
    }

    /**
     * {@return what travels of a value}
     *
     * @param value its type
     */
    public TensorType type(TensorType value) {
        return packs(value.dtype()) ? pairs(value.shape().elements()) : value;
    }

    /** {@return this, where the cut has a part in the numbers by it} */
    public Optional<Wire> rounding() {
        return this == FLOAT32 ? Optional.empty() : Optional.of(this);
    }

    /** As job files write it. */
    @Override
    public String toString() {
        return text;
    }
}
