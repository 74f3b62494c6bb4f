package io.ketju.protocol.frame;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import java.nio.ByteBuffer;

/**
 * The fixed head of every frame. All numbers are little-endian, as the tensors are.
 *
 * <pre>
 *   byte   0        1        2        3        4        5        6        7
 *      +--------+--------+--------+--------+--------+--------+--------+--------+
 *    0 |   'K'      'T'      'J'      'U'  |version |  kind  |      flags      |
 *      +--------+--------+--------+--------+--------+--------+--------+--------+
 *    8 |                                  job                                  |
 *      +-----------------------------------------------------------------------+
 *   16 |                              config hash                              |
 *      +-----------------------------------+-----------------+-----------------+
 *   24 |            incarnation            |   from stage    |    to stage     |
 *      +-----------------------------------+-----------------+-----------------+
 *   32 |                                window                                 |
 *      +-----------------------------------+-----------------+--------+--------+
 *   40 |            micro-batch            |      edge       | tensor | dtype  |
 *      +-----------------------------------+-----------------+--------+--------+
 *   48 |                            payload length                             |
 *      +-----------------------------------------------------------------------+
 *   56 |                      8 dimensions, 4 bytes each                       |
 *      |                      (unused ones are zero)                           |
 *      +--------+--------------------------+-----------------------------------+
 *   88 |  rank  |         zero             |  CRC32C of the 92 bytes before    |
 *      +--------+--------------------------+-----------------------------------+
 *   96 |  payload: row-major elements, or a Protobuf message of 1 KiB at most  |
 *      +-----------------------------------+-----------------------------------+
 *      |       CRC32C of the payload       |
 *      +-----------------------------------+
 * </pre>
 *
 * Flags are zero in this version. The tensor fields (window to dtype, dimensions, rank) are zero in all frames but
 * {@link FrameKind#TENSOR}; job to stages and the tensor kind name the edge in every frame. Magic and version keep
 * their place in all versions, so that an old node can name a new one.
 */
public sealed interface FrameHeader {
    /** Size of a header in bytes. */
    int BYTES = 96;

    /** Size of the checksum that follows the payload. */
    int TRAILER_BYTES = 4;

    /**
     * The version that this code speaks; every change of the bytes raises it, those of control messages included: nodes of
     * different versions refuse each other when the first connection opens.
     */
    int VERSION = 11;

    /** Longest payload of a frame that is not a tensor, before and after the handshake. */
    int MAX_MESSAGE_BYTES = 1024;

    /** {@return what the frame is for} */
    FrameKind kind();

    /** {@return the edge that the connection is for; {@link EdgeId#NONE} if the sender does not know it} */
    EdgeId edge();

    /** {@return the bytes between the header and the payload's checksum, 0 or more} */
    long payloadBytes();

    /**
     * Head of a tensor: all that a receiver needs to place it.
     *
     * @param edge that the connection is for
     * @param key which tensor of the edge it is
     * @param dtype of the elements
     * @param shape of any rank; the payload has exactly {@code shape.bytes()} bytes
     */
    record TensorHeader(EdgeId edge, FrameKey key, DType dtype, Shape shape) implements FrameHeader {
        @Override
        public FrameKind kind() {
            return FrameKind.TENSOR;
        }

        @Override
        public long payloadBytes() {
            return shape.bytes();
        }
    }

    /**
     * Head of a small message.
     *
     * @param kind any but {@link FrameKind#TENSOR}
     * @param edge that the connection is for; {@link EdgeId#NONE} if the sender does not know it
     * @param payloadBytes length of the Protobuf message, 0 to {@link #MAX_MESSAGE_BYTES}
     */
    record MessageHeader(FrameKind kind, EdgeId edge, long payloadBytes) implements FrameHeader {
        /**
         * Checks kind and length.
         *
         * @throws IllegalArgumentException if the kind is a tensor's, or the length is out of its range
         */
        public MessageHeader {
            if (kind == FrameKind.TENSOR) {
                throw new IllegalArgumentException("a tensor frame has a TensorHeader");
            }
            if (payloadBytes < 0 || payloadBytes > MAX_MESSAGE_BYTES) {
                throw new IllegalArgumentException(
                        "a message has 0 to " + MAX_MESSAGE_BYTES + " bytes, got " + payloadBytes);
            }
        }
    }

    /**
     * Writes the header.
     *
     * @param target takes {@link #BYTES} bytes at its position, which moves behind them; of any byte order, which stays
     */
    default void encode(ByteBuffer target) {
        HeaderCodec.encode(this, target);
    }

    /**
     * Reads a header. Magic and version are judged first, then the checksum, then each field.
     *
     * @param source has {@link #BYTES} bytes at its position, which moves behind them, also if they are refused; of any byte order
     * @return a {@link TensorHeader} or a {@link MessageHeader}
     * @throws FrameException with the first rule that the bytes break
     */
    static FrameHeader decode(ByteBuffer source) {
        return HeaderCodec.decode(source);
    }
}
