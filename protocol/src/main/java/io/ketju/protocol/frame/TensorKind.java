package io.ketju.protocol.frame;

/** What a tensor is to the stage that receives it. */
public enum TensorKind {
    /** Samples for the first stage. */
    INPUT(1),
    /** Targets for the last stage. */
    TARGET(2),
    /** Output of an earlier stage. */
    ACTIVATION(3),
    /** Gradient of the receiver's output, from a later stage. */
    GRADIENT(4);

    private final int code;

    TensorKind(int code) {
        this.code = code;
    }

    /** The number on the wire, in the frame header and in {@code Hello}. */
    public int code() {
        return code;
    }

    /** The kind of this number; throws {@link FrameException} for any other. */
    public static TensorKind of(int code) {
        return switch (code) {
            case 1 -> INPUT;
            case 2 -> TARGET;
            case 3 -> ACTIVATION;
            case 4 -> GRADIENT;
            default ->
                throw new FrameException(FrameException.Reason.TENSOR_KIND, "tensor kind is 1 to 4, found " + code);
        };
    }
}
