package io.ketju.protocol.frame;

/** What a tensor is to the stage that receives it. */
public enum TensorKind {
    /** Something of the batch, from the feeder: an input of the model, or a target. */
    FED(1),
    /** A value that an earlier stage made. */
    ACTIVATION(2),
    /** The gradient of such a value, from a later stage. */
    GRADIENT(3),
    /** The value of a parameter, for a stage that shares it. */
    TIED_WEIGHT(4),
    /** The gradient of one use of a parameter, for the stage that owns it. */
    TIED_GRADIENT(5),
    /** An output of the model, for the feeder. */
    OUTPUT(6),
    /** A piece of a stage's file of a checkpoint, for the run's folder. */
    SHARD(7),
    /** A piece of a file that a stage starts from, out of the run's folder. */
    STATE(8),
    /** A piece of a copy of what a stage has learnt, for the memory of a neighbour, or out of it for the run's folder. */
    COPY(9),
    /** Gradients of some micro-batches, added up, for a replica that adds others. */
    GROUP_SUM(10),
    /** The value of a parameter, for a replica of the stage that has updated it. */
    REPLICA_WEIGHT(11),
    /** The gradient of a parameter, for the replica of the stage that updates it. */
    SHARE_GRADIENT(12);

    private final int code;

    TensorKind(int code) {
        this.code = code;
    }

    /** {@return the number on the wire, in the frame header and in {@code Hello}, 1 to 12} */
    public int code() {
        return code;
    }

    /**
     * Reads a number of the wire.
     *
     * @param code as {@link #code()} gives it
     * @return the kind of this number
     * @throws FrameException for a number that is no kind's
     */
    public static TensorKind of(int code) {
        return switch (code) {
            case 1 -> FED;
            case 2 -> ACTIVATION;
            case 3 -> GRADIENT;
            case 4 -> TIED_WEIGHT;
            case 5 -> TIED_GRADIENT;
            case 6 -> OUTPUT;
            case 7 -> SHARD;
            case 8 -> STATE;
            case 9 -> COPY;
            case 10 -> GROUP_SUM;
            case 11 -> REPLICA_WEIGHT;
            case 12 -> SHARE_GRADIENT;
            default ->
                throw new FrameException(FrameException.Reason.TENSOR_KIND, "tensor kind is 1 to 12, found " + code);
        };
    }
}
