package io.ketju.onnx.format;

/** What a tensor is made of, with its number in {@code TensorProto.DataType}. */
public enum OnnxType {
    FLOAT(1),
    INT32(6),
    INT64(7),
    BOOL(9);

    private final int number;

    OnnxType(int number) {
        this.number = number;
    }

    /** As operators name it, in the attribute of {@code Cast} for one. */
    public int number() {
        return number;
    }
}
