package io.ketju.data.safetensors;

import io.ketju.tensor.DType;
import java.util.Optional;

/** Element types of the format. All can be listed; those with a {@link #dtype} can be read and written. */
public enum ElementType {
    BOOL(1),
    U8(1),
    I8(1),
    F8_E5M2(1),
    F8_E4M3(1),
    F8_E8M0(1),
    I16(2),
    U16(2),
    F16(2),
    BF16(2),
    I32(4),
    U32(4),
    F32(4),
    C64(8),
    F64(8),
    I64(8),
    U64(8);

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes per element. */
    public int bytes() {
        return bytes;
    }

    /** The same type as a tensor's, if tensors have it. */
    public Optional<DType> dtype() {
        return switch (this) {
            case F32 -> Optional.of(DType.FLOAT32);
            case I32 -> Optional.of(DType.INT32);
            case BOOL, U8, I8, F8_E5M2, F8_E4M3, F8_E8M0, I16, U16, F16, BF16, U32, C64, F64, I64, U64 ->
                Optional.empty();
        };
    }

    /**
     * Whether it is read as FLOAT32: F32, F16 and BF16 exactly; F64, I64 and I32 rounded to nearest even. Smaller integers
     * are mostly parts of quantized numbers, and mean nothing by themselves.
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
