package io.ketju.data.safetensors;

import java.nio.ByteBuffer;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Goes over the elements of a tensor, part by part, and keeps their range. */
final class RangeFold {
    private static final double UNSIGNED = 0x1p64;

    /** Takes the next element; null for a type whose elements are no such numbers. */
    private final @Nullable ToDoubleFunction<ByteBuffer> next;

    private long elements;
    private long notNumbers;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private double sum;

    RangeFold(ElementType type) {
        next = reader(type);
    }

    /** Whether there is anything to keep. */
    boolean counts() {
        return next != null;
    }

    /** Takes all that is left of a buffer, little-endian, a whole number of elements. */
    void add(ByteBuffer chunk) {
        while (next != null && chunk.hasRemaining()) {
            double value = next.applyAsDouble(chunk);
            elements++;
            if (Double.isNaN(value)) {
                notNumbers++;
            } else {
                min = Math.min(min, value);
                max = Math.max(max, value);
                sum += value;
            }
        }
    }

    ValueRange range() {
        long numbers = elements - notNumbers;
        return numbers == 0
                ? new ValueRange(elements, notNumbers, Double.NaN, Double.NaN, Double.NaN)
                : new ValueRange(elements, notNumbers, min, max, sum / numbers);
    }

    private static @Nullable ToDoubleFunction<ByteBuffer> reader(ElementType type) {
        return switch (type) {
            case BOOL, U8 -> bytes -> Byte.toUnsignedInt(bytes.get());
            case I8 -> ByteBuffer::get;
            case I16 -> ByteBuffer::getShort;
            case U16 -> bytes -> Short.toUnsignedInt(bytes.getShort());
            case I32 -> ByteBuffer::getInt;
            case U32 -> bytes -> Integer.toUnsignedLong(bytes.getInt());
            case I64 -> ByteBuffer::getLong;
            case U64 -> bytes -> unsigned(bytes.getLong());
            case F16 -> bytes -> Float.float16ToFloat(bytes.getShort());
            case BF16 -> bytes -> Float.intBitsToFloat(bytes.getShort() << 16);
            case F32 -> ByteBuffer::getFloat;
            case F64 -> ByteBuffer::getDouble;
            case F8_E5M2, F8_E4M3, F8_E8M0, C64 -> null;
        };
    }

    private static double unsigned(long bits) {
        return bits >= 0 ? bits : bits + UNSIGNED;
    }
}
