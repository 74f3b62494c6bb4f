package io.ketju.protocol.frame;

/** What a frame is for. All but {@link #TENSOR} carry a small Protobuf message or nothing. */
public enum FrameKind {
    /** First frame of the side that connects: which edge it wants to be. */
    HELLO(1),
    /** The edge is taken: credits and limits. */
    WELCOME(2),
    /** The edge is not taken, and why; the connection ends. */
    REFUSED(3),
    /** One tensor. */
    TENSOR(4),
    /** The receiver let go of tensors: as many more may come. */
    CREDIT(5),
    /** A sign of life of a side that has nothing else to send; no payload. */
    HEARTBEAT(6),
    /** Last frame of either side, with the reason unless it is an orderly end. */
    GOODBYE(7),
    /** The sender has found the memory that WELCOME offers, or not; once, before any tensor. */
    SHARED(8),
    /** The other side may have something in the shared memory, and this one slept; no payload. */
    WAKE(9),
    /** The receiver proves that it knows the cluster's secret and asks the sender for the same; before WELCOME. */
    CHALLENGE(10),
    /** The sender's answer to it. */
    PROOF(11);

    private final int code;

    FrameKind(int code) {
        this.code = code;
    }

    /** {@return the number on the wire, 1 to 11} */
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
    public static FrameKind of(int code) {
        return switch (code) {
            case 1 -> HELLO;
            case 2 -> WELCOME;
            case 3 -> REFUSED;
            case 4 -> TENSOR;
            case 5 -> CREDIT;
            case 6 -> HEARTBEAT;
            case 7 -> GOODBYE;
            case 8 -> SHARED;
            case 9 -> WAKE;
            case 10 -> CHALLENGE;
            case 11 -> PROOF;
            default -> throw new FrameException(FrameException.Reason.KIND, "frame kind is 1 to 11, found " + code);
        };
    }
}
