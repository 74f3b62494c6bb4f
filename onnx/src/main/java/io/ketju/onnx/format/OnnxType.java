package io.ketju.onnx.format;

/** What a tensor is made of, with its number in {@code TensorProto.DataType}. */
public enum OnnxType {
    /** Floating-point numbers of 32 bits. */
    FLOAT(1),
    /** Whole numbers of 32 bits. */
    INT32(6),
    /** Whole numbers of 64 bits, as axes and shapes are. */
    INT64(7),
    /** Truth values. */
    BOOL(9);

    private final int number;

    OnnxType(int number) {
        this.number = number;
    }

    /** {@return the number by which operators name it, in the attribute of {@code Cast} for one} */
    public int number() {
        return number;
    }
}
