package io.ketju.layers.attention;

import io.ketju.layers.Pass;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.attention.Attention.Sizes;
import java.util.List;

/**
 * What attention is given besides its operands, by place.
 *
 * @param operands inputs that query, key and value are: 1 if they are side by side
 * @param lengths the input that says how many keys are none of the padding; -1 if there is none
 * @param padding the input that says which keys are padding; -1 if there is none
 * @param mask the input with the mask; -1 if there is none
 */
record AttentionInputs(int operands, int lengths, int padding, int mask) {
    private static final int OPERANDS = 3;

    /** Of one or three operands. Throws {@link IllegalArgumentException} if there are too many inputs or too few. */
    static AttentionInputs of(Visibility visibility, List<TensorType> inputs) {
        boolean packed = inputs.size() < OPERANDS || !inputs.get(1).differentiable();
        return of(visibility, packed ? 1 : OPERANDS, "query, key and value as 1 or 3 inputs", inputs);
    }

    /** Of so many operands. */
    static AttentionInputs of(Visibility visibility, int operands, String what, List<TensorType> inputs) {
        int count = inputs.size();
        boolean padded = operands < count
                && isLengths(inputs.get(operands).dtype(), inputs.get(operands).shape());
        AttentionInputs given = places(visibility, operands, count, padded);
        if (count != given.count()) {
            throw new IllegalArgumentException("expected " + what + ", then lengths int32 if keys are padded, "
                    + (visibility.padding() ? "then the mask of padded keys, " : "")
                    + "then a mask if there is one, found " + count + " inputs " + inputs);
        }
        return given;
    }

    /** Of a pass over so many operands. */
    static AttentionInputs of(Visibility visibility, int operands, Pass pass) {
        boolean lengths = operands < pass.inputs()
                && isLengths(pass.input(operands).dtype(), pass.input(operands).shape());
        return places(visibility, operands, pass.inputs(), lengths);
    }

    private static AttentionInputs places(Visibility visibility, int operands, int count, boolean lengths) {
        int padding = lengths ? operands + 1 : operands;
        int mask = visibility.padding() ? padding + 1 : padding;
        return new AttentionInputs(
                operands, lengths ? operands : -1, visibility.padding() ? padding : -1, mask < count ? mask : -1);
    }

    /** Inputs in all. */
    private int count() {
        return operands + (lengths < 0 ? 0 : 1) + (padding < 0 ? 0 : 1) + (mask < 0 ? 0 : 1);
    }

    private static boolean isLengths(DType dtype, Shape shape) {
        return dtype == DType.INT32 && shape.rank() < 2;
    }

    /** Whether query, key and value are one input. */
    boolean packed() {
        return operands == 1;
    }

    /** Throws {@link IllegalArgumentException} if what is given does not fit. */
    void require(Visibility visibility, List<TensorType> inputs, Sizes sizes) {
        int keys = sizes.keys() - visibility.extraKeys();
        if (keys < 0) {
            throw new IllegalArgumentException(
                    "expected at least " + visibility.extraKeys() + " keys, which are extra, found " + sizes.keys());
        }
        requireInts(inputs, lengths, "lengths", TensorType.ints(sizes.batch()));
        requireInts(inputs, padding, "a mask of padded keys", TensorType.ints(sizes.batch(), keys));
        if (mask < 0) {
            return;
        }
        Shape shape = inputs.get(mask).shape();
        Shape whole = Shape.of(sizes.batch(), sizes.heads(), sizes.queries(), keys);
        Shape ofSamples = Shape.of(sizes.batch(), sizes.queries(), keys);
        Shape ofAll = Shape.of(sizes.queries(), keys);
        Shape ofKeys = Shape.of(sizes.batch(), 1, keys);
        if (!List.of(whole, ofSamples, ofAll, ofKeys).contains(shape)) {
            throw new IllegalArgumentException("expected a mask " + ofAll + ", " + ofKeys + ", " + ofSamples + " or "
                    + whole + " as input " + mask + ", found " + inputs.get(mask));
        }
    }

    private static void requireInts(List<TensorType> inputs, int index, String what, TensorType expected) {
        if (index >= 0 && !inputs.get(index).equals(expected)) {
            throw new IllegalArgumentException(
                    "expected " + what + " " + expected + " as input " + index + ", found " + inputs.get(index));
        }
    }
}
