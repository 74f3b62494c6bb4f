package io.ketju.data.safetensors;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** Elements of a file as float32: F16 and BF16 are widened exactly, F64, I64 and I32 are rounded to nearest even. */
final class FloatConversion {
    private FloatConversion() {}

    /** Puts all elements of {@code from}, little-endian, at the position of {@code to}. */
    static void convert(ElementType type, ByteBuffer from, FloatBuffer to) {
        switch (type) {
            case F32 -> to.put(from.asFloatBuffer());
            case F64 -> {
                while (from.hasRemaining()) {
                    to.put((float) from.getDouble());
                }
            }
            case F16 -> {
                while (from.hasRemaining()) {
                    to.put(Float.float16ToFloat(from.getShort()));
                }
            }
            case BF16 -> {
                while (from.hasRemaining()) {
                    to.put(Float.intBitsToFloat(from.getShort() << 16));
                }
            }
            case I64 -> {
                while (from.hasRemaining()) {
                    to.put((float) from.getLong());
                }
            }
            case I32 -> {
                while (from.hasRemaining()) {
                    to.put((float) from.getInt());
                }
            }
            default -> throw new IllegalArgumentException("expected a type that is read as float32, found " + type);
        }
    }
}
