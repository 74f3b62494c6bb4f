package io.ketju.tensor.kernel.elementwise;

import io.ketju.tensor.DType;
import io.ketju.tensor.Tensor;

/**
 * The upper half of a float32: one bit of sign, eight of exponent, seven of fraction. Two lie in one int32:
 *
 * <pre>
 * bits 31 to 16       bits 15 to 0
 * element i + h       element i       of n elements in h = ceil(n / 2) pairs; 0 where there is no element i + h
 * </pre>
 */
final class Bfloat16 {
    /** Bits of one. */
    static final int BITS = 16;

    /** Bits of the upper one of a pair. */
    static final int UPPER = 0xffff0000;

    /** Less than half of the last place that stays, by its own last place. */
    static final int HALF = 0x7fff;

    /** Of float32; larger bits are those of NaN. */
    static final int INFINITY = 0x7f800000;

    /** The bit that a quiet NaN has. */
    static final int QUIET = 0x40;

    private Bfloat16() {}

    /** The bits of the nearest bfloat16, the even one of two that are as near. A NaN keeps its sign and its upper bits, and is quiet. */
    static int round(float value) {
        int bits = Float.floatToRawIntBits(value);
        if ((bits & Integer.MAX_VALUE) > INFINITY) {
            return (bits >>> BITS) | QUIET;
        }
        return (bits + ((bits >>> BITS) & 1) + HALF) >>> BITS;
    }

    /** How many pairs there are; throws unless they have room for the elements, and no more. */
    static int pairs(Tensor values, Tensor pairs) {
        int count = pairs.elements();
        if (pairs.dtype() != DType.INT32 || values.dtype() != DType.FLOAT32 || count != (values.elements() + 1L) / 2) {
            throw new IllegalArgumentException(
                    "expected pairs of bfloat16 as int32, half as many as " + values + ", found " + pairs);
        }
        return count;
    }
}
