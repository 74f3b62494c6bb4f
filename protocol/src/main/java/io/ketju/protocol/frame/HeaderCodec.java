package io.ketju.protocol.frame;

import io.ketju.protocol.frame.FrameException.Reason;
import io.ketju.protocol.frame.FrameHeader.MessageHeader;
import io.ketju.protocol.frame.FrameHeader.TensorHeader;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The layout that {@link FrameHeader} draws, in both directions. */
final class HeaderCodec {
    /** 'K' 'T' 'J' 'U' read as a little-endian int. */
    private static final int MAGIC = 0x554A_544B;

    private static final int AT_VERSION = 4;
    private static final int AT_KIND = 5;
    private static final int AT_FLAGS = 6;
    private static final int AT_JOB = 8;
    private static final int AT_CONFIG = 16;
    private static final int AT_INCARNATION = 24;
    private static final int AT_FROM = 28;
    private static final int AT_TO = 30;
    private static final int AT_WINDOW = 32;
    private static final int AT_MICROBATCH = 40;
    private static final int AT_EDGE = 44;
    private static final int AT_TENSOR_KIND = 46;
    private static final int AT_DTYPE = 47;
    private static final int AT_LENGTH = 48;
    private static final int AT_DIMENSIONS = 56;
    private static final int AT_RANK = 88;
    private static final int AT_CRC = 92;

    private HeaderCodec() {}

    static void encode(FrameHeader header, ByteBuffer target) {
        ByteBuffer bytes = target.slice(target.position(), FrameHeader.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < FrameHeader.BYTES; i += Long.BYTES) {
            bytes.putLong(i, 0);
        }
        EdgeId edge = header.edge();
        bytes.putInt(0, MAGIC)
                .put(AT_VERSION, (byte) FrameHeader.VERSION)
                .put(AT_KIND, (byte) header.kind().code())
                .putLong(AT_JOB, edge.job())
                .putLong(AT_CONFIG, edge.configHash())
                .putInt(AT_INCARNATION, edge.incarnation())
                .putShort(AT_FROM, (short) edge.fromStage())
                .putShort(AT_TO, (short) edge.toStage())
                .put(AT_TENSOR_KIND, (byte) edge.kind().code())
                .putLong(AT_LENGTH, header.payloadBytes());
        if (header instanceof TensorHeader tensor) {
            encodeTensor(tensor, bytes);
        }
        bytes.putInt(AT_CRC, Checksum.of(bytes.slice(0, AT_CRC)));
        target.position(target.position() + FrameHeader.BYTES);
    }

    private static void encodeTensor(TensorHeader tensor, ByteBuffer bytes) {
        bytes.putLong(AT_WINDOW, tensor.key().window())
                .putInt(AT_MICROBATCH, tensor.key().microbatch())
                .putShort(AT_EDGE, (short) tensor.key().edge())
                .put(AT_DTYPE, (byte) code(tensor.dtype()))
                .put(AT_RANK, (byte) tensor.shape().rank());
        for (int i = 0; i < tensor.shape().rank(); i++) {
            bytes.putInt(AT_DIMENSIONS + i * Integer.BYTES, tensor.shape().dimension(i));
        }
    }

    static FrameHeader decode(ByteBuffer source) {
        ByteBuffer bytes = source.slice(source.position(), FrameHeader.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        source.position(source.position() + FrameHeader.BYTES);
        requireOurs(bytes);
        FrameKind kind = FrameKind.of(Byte.toUnsignedInt(bytes.get(AT_KIND)));
        requireZero("flags", Short.toUnsignedInt(bytes.getShort(AT_FLAGS)));
        requireZero("the three bytes behind the rank", bytes.getInt(AT_RANK) >>> Byte.SIZE);
        EdgeId edge = decodeEdge(bytes);
        long length = bytes.getLong(AT_LENGTH);
        if (kind == FrameKind.TENSOR) {
            return decodeTensor(edge, length, bytes);
        }
        return decodeMessage(kind, edge, length, bytes);
    }

    private static void requireOurs(ByteBuffer bytes) {
        if (bytes.getInt(0) != MAGIC) {
            throw new FrameException(
                    Reason.MAGIC,
                    "a frame starts with KTJU (4b544a55), found "
                            + String.format("%08x", Integer.reverseBytes(bytes.getInt(0)))
                            + ": the peer does not speak this protocol");
        }
        int version = Byte.toUnsignedInt(bytes.get(AT_VERSION));
        if (version != FrameHeader.VERSION) {
            throw new FrameException(
                    Reason.VERSION,
                    "protocol version is " + FrameHeader.VERSION + " here, found " + version
                            + ": run the same Ketju version on all nodes");
        }
        int promised = bytes.getInt(AT_CRC);
        int found = Checksum.of(bytes.slice(0, AT_CRC));
        if (promised != found) {
            throw new FrameException(
                    Reason.HEADER_CRC,
                    String.format("header CRC32C is %08x, the header's bytes give %08x", promised, found));
        }
    }

    private static EdgeId decodeEdge(ByteBuffer bytes) {
        TensorKind kind = TensorKind.of(Byte.toUnsignedInt(bytes.get(AT_TENSOR_KIND)));
        try {
            return new EdgeId(
                    bytes.getLong(AT_JOB),
                    bytes.getLong(AT_CONFIG),
                    bytes.getInt(AT_INCARNATION),
                    bytes.getShort(AT_FROM),
                    bytes.getShort(AT_TO),
                    kind);
        } catch (IllegalArgumentException e) {
            throw new FrameException(Reason.EDGE, String.valueOf(e.getMessage()));
        }
    }

    private static TensorHeader decodeTensor(EdgeId edge, long length, ByteBuffer bytes) {
        DType dtype = dtype(Byte.toUnsignedInt(bytes.get(AT_DTYPE)));
        Shape shape = decodeShape(bytes);
        if (length != shape.bytes()) {
            throw new FrameException(
                    Reason.LENGTH,
                    "a tensor of shape " + shape + " has " + shape.bytes() + " payload bytes, the header promises "
                            + Long.toUnsignedString(length));
        }
        try {
            FrameKey key = new FrameKey(
                    bytes.getLong(AT_WINDOW),
                    bytes.getInt(AT_MICROBATCH),
                    Short.toUnsignedInt(bytes.getShort(AT_EDGE)));
            return new TensorHeader(edge, key, dtype, shape);
        } catch (IllegalArgumentException e) {
            throw new FrameException(Reason.KEY, String.valueOf(e.getMessage()));
        }
    }

    private static Shape decodeShape(ByteBuffer bytes) {
        int rank = Byte.toUnsignedInt(bytes.get(AT_RANK));
        if (rank > Shape.MAX_RANK) {
            throw new FrameException(Reason.RANK, "rank is 0 to " + Shape.MAX_RANK + ", found " + rank);
        }
        int[] dimensions = new int[rank];
        for (int i = 0; i < Shape.MAX_RANK; i++) {
            int dimension = bytes.getInt(AT_DIMENSIONS + i * Integer.BYTES);
            if (i < rank) {
                dimensions[i] = dimension;
            } else if (dimension != 0) {
                throw new FrameException(
                        Reason.DIMENSIONS,
                        "dimension " + i + " of a tensor of rank " + rank + " is zero, found "
                                + Integer.toUnsignedString(dimension));
            }
        }
        try {
            return Shape.of(dimensions);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new FrameException(Reason.DIMENSIONS, String.valueOf(e.getMessage()));
        }
    }

    private static MessageHeader decodeMessage(FrameKind kind, EdgeId edge, long length, ByteBuffer bytes) {
        boolean tensorFields = bytes.getLong(AT_WINDOW) != 0
                || bytes.getInt(AT_MICROBATCH) != 0
                || bytes.getShort(AT_EDGE) != 0
                || bytes.get(AT_DTYPE) != 0
                || bytes.get(AT_RANK) != 0;
        for (int i = 0; i < Shape.MAX_RANK; i++) {
            tensorFields |= bytes.getInt(AT_DIMENSIONS + i * Integer.BYTES) != 0;
        }
        if (tensorFields) {
            throw new FrameException(Reason.RESERVED, "the tensor fields of a " + kind + " frame are zero");
        }
        if (length < 0 || length > FrameHeader.MAX_MESSAGE_BYTES) {
            throw new FrameException(
                    Reason.LENGTH,
                    "a " + kind + " frame has at most " + FrameHeader.MAX_MESSAGE_BYTES
                            + " payload bytes, the header promises " + Long.toUnsignedString(length));
        }
        return new MessageHeader(kind, edge, length);
    }

    private static void requireZero(String field, int value) {
        if (value != 0) {
            throw new FrameException(
                    Reason.RESERVED, field + " must be zero in version " + FrameHeader.VERSION + ", found " + value);
        }
    }

    /** Own numbers rather than ordinals: a new element type must not renumber the wire. */
    private static int code(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> 1;
            case INT32 -> 2;
        };
    }

    private static DType dtype(int code) {
        return switch (code) {
            case 1 -> DType.FLOAT32;
            case 2 -> DType.INT32;
            default ->
                throw new FrameException(Reason.DTYPE, "element type is 1 (float32) or 2 (int32), found " + code);
        };
    }
}
