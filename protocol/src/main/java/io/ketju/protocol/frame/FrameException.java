package io.ketju.protocol.frame;

/** Bytes that are no frame of ours. The stream cannot be read on: the connection must end. */
public final class FrameException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Which rule the bytes broke. */
    public enum Reason {
        /** The first four bytes are not {@code KTJU}: not our protocol. */
        MAGIC,
        /** Our protocol in a version that is not spoken here. */
        VERSION,
        /** The header's checksum does not match. */
        HEADER_CRC,
        /** The payload's checksum does not match. */
        PAYLOAD_CRC,
        /** Unknown frame kind. */
        KIND,
        /** A flag or a reserved byte is set that this version does not know. */
        RESERVED,
        /** Unknown tensor kind. */
        TENSOR_KIND,
        /** Unknown element type, or one where none belongs. */
        DTYPE,
        /** More dimensions than a shape can have. */
        RANK,
        /** Dimensions that make no shape. */
        DIMENSIONS,
        /** Payload length that does not follow from the shape, or a message that is too long. */
        LENGTH,
        /** A stage or an incarnation out of range. */
        EDGE,
        /** A window or micro-batch out of range. */
        KEY,
        /** A well-formed frame that must not come here and now. */
        UNEXPECTED,
        /** A Protobuf message that does not parse, or that contradicts its header. */
        MESSAGE
    }

    private final Reason reason;

    /**
     * For whoever reads frames.
     *
     * @param reason the rule that was broken
     * @param message one line: what was expected, and what was found
     */
    public FrameException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** {@return the rule that the bytes broke} */
    public Reason reason() {
        return reason;
    }
}
