package io.ketju.data.safetensors;

import io.ketju.tensor.DType;
import java.util.Optional;

/** Element types of the format. All can be listed; those with a {@link #dtype} can be read and written. */
public enum ElementType {
    /** Truth values. */
    BOOL(1),
    /** Unsigned integers of 8 bits. */
    U8(1),
    /** Signed integers of 8 bits. */
    I8(1),
    /** Floats of 8 bits: 5 of exponent, 2 of mantissa. */
    F8_E5M2(1),
    /** Floats of 8 bits: 4 of exponent, 3 of mantissa. */
    F8_E4M3(1),
    /** Powers of two of 8 bits, for scales: exponent alone. */
    F8_E8M0(1),
    /** Signed integers of 16 bits. */
    I16(2),
    /** Unsigned integers of 16 bits. */
    U16(2),
    /** IEEE half precision. */
    F16(2),
    /** The upper half of a float32. */
    BF16(2),
    /** Signed integers of 32 bits, as tensors have them. */
    I32(4),
    /** Unsigned integers of 32 bits. */
    U32(4),
    /** IEEE single precision, as tensors have it. */
    F32(4),
    /** Complex numbers of two float32. */
    C64(8),
    /** IEEE double precision. */
    F64(8),
    /** Signed integers of 64 bits. */
    I64(8),
    /** Unsigned integers of 64 bits. */
    U64(8);

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /** {@return the number of bytes per element} */
    public int bytes() {
        return bytes;
    }

    /** {@return the same type as a tensor's, if tensors have it} */
    public Optional<DType> dtype() {
        return switch (this) {
            case F32 -> Optional.of(DType.FLOAT32);
            case I32 -> Optional.of(DType.INT32);
            case BOOL, U8, I8, F8_E5M2, F8_E4M3, F8_E8M0, I16, U16, F16, BF16, U32, C64, F64, I64, U64 ->
                Optional.empty();
        };
    }

    /**
     * {@return whether it is read as FLOAT32: F32, F16 and BF16 exactly; F64, I64 and I32 rounded to nearest even} Smaller
     * integers are mostly parts of quantized numbers, and mean nothing by themselves.
     */
    public boolean readsAsFloat() {
        return switch (this) {
            case F64, F32, F16, BF16, I64, I32 -> true;
            case BOOL, U8, I8, F8_E5M2, F8_E4M3, F8_E8M0, I16, U16, U32, C64, U64 -> false;
        };
    }

    static ElementType of(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> F32;
            case INT32 -> I32;
        };
    }

    static Optional<ElementType> named(String name) {
        for (ElementType type : values()) {
            if (type.name().equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
