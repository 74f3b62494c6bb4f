package io.ketju.layers.attention;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.attention.Attention.Sizes;
import java.util.List;

/**
 * What attention is given, by place.
 *
 * @param packed whether query, key and value are one input, else three
 * @param lengths the input that says how many keys are none of the padding; -1 if there is none
 * @param mask the input with the mask; -1 if there is none
 */
record AttentionInputs(boolean packed, int lengths, int mask) {
    private static final int OPERANDS = 3;

    /** Throws {@link IllegalArgumentException} if there are too many or too few. */
    static AttentionInputs of(List<TensorType> inputs) {
        int count = inputs.size();
        boolean packed = count < OPERANDS || !inputs.get(1).differentiable();
        int next = packed ? 1 : OPERANDS;
        boolean padded = next < count
                && isLengths(inputs.get(next).dtype(), inputs.get(next).shape());
        int mask = padded ? next + 1 : next;
        if (count < 1 || count > mask + 1) {
            throw new IllegalArgumentException(
                    "expected query, key and value as 1 or 3 inputs, then lengths int32 if keys"
                            + " are padded, then a mask if there is one, found " + count + " inputs " + inputs);
        }
        return new AttentionInputs(packed, padded ? next : -1, mask < count ? mask : -1);
    }

    static boolean isLengths(DType dtype, Shape shape) {
        return dtype == DType.INT32 && shape.rank() < 2;
    }

    /** Inputs that query, key and value are. */
    int operands() {
        return packed ? 1 : OPERANDS;
    }

    /** Throws {@link IllegalArgumentException} if lengths or mask do not fit. */
    void require(List<TensorType> inputs, Sizes sizes) {
        if (lengths >= 0 && !inputs.get(lengths).equals(TensorType.ints(sizes.batch()))) {
            throw new IllegalArgumentException("expected lengths int32[" + sizes.batch() + "] as input " + lengths
                    + ", found " + inputs.get(lengths));
        }
        if (mask < 0) {
            return;
        }
        Shape shape = inputs.get(mask).shape();
        Shape whole = sizes.scoreShape();
        Shape ofSamples = Shape.of(sizes.batch(), sizes.queries(), sizes.keys());
        Shape ofAll = Shape.of(sizes.queries(), sizes.keys());
        Shape ofKeys = Shape.of(sizes.batch(), 1, sizes.keys());
        if (!List.of(whole, ofSamples, ofAll, ofKeys).contains(shape)) {
            throw new IllegalArgumentException("expected a mask " + ofAll + ", " + ofKeys + ", " + ofSamples + " or " + whole
                    + " as input " + mask + ", found " + inputs.get(mask));
        }
    }
}
