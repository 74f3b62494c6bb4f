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
        ByteOrder order = target.order();
        write(header, target.order(ByteOrder.LITTLE_ENDIAN), target.position());
        target.order(order).position(target.position() + FrameHeader.BYTES);
    }

    /** Into the bytes from {@code at} on: a buffer of its own for each header would be most of what a frame costs. */
    private static void write(FrameHeader header, ByteBuffer bytes, int at) {
        for (int i = 0; i < FrameHeader.BYTES; i += Long.BYTES) {
            bytes.putLong(at + i, 0);
        }
        EdgeId edge = header.edge();
        bytes.putInt(at, MAGIC)
                .put(at + AT_VERSION, (byte) FrameHeader.VERSION)
                .put(at + AT_KIND, (byte) header.kind().code())
                .putLong(at + AT_JOB, edge.job())
                .putLong(at + AT_CONFIG, edge.configHash())
                .putInt(at + AT_INCARNATION, edge.incarnation())
                .putShort(at + AT_FROM, (short) edge.fromStage())
                .putShort(at + AT_TO, (short) edge.toStage())
                .put(at + AT_TENSOR_KIND, (byte) edge.kind().code())
                .putLong(at + AT_LENGTH, header.payloadBytes());
        if (header instanceof TensorHeader tensor) {
            writeTensor(tensor, bytes, at);
        }
        bytes.putInt(at + AT_CRC, Checksum.of(bytes, at, AT_CRC));
    }

    private static void writeTensor(TensorHeader tensor, ByteBuffer bytes, int at) {
        bytes.putLong(at + AT_WINDOW, tensor.key().window())
                .putInt(at + AT_MICROBATCH, tensor.key().microbatch())
                .putShort(at + AT_EDGE, (short) tensor.key().edge())
                .put(at + AT_DTYPE, (byte) code(tensor.dtype()))
                .put(at + AT_RANK, (byte) tensor.shape().rank());
        for (int i = 0; i < tensor.shape().rank(); i++) {
            bytes.putInt(at + AT_DIMENSIONS + i * Integer.BYTES, tensor.shape().dimension(i));
        }
    }

    static FrameHeader decode(ByteBuffer source) {
        ByteOrder order = source.order();
        int at = source.position();
        source.position(at + FrameHeader.BYTES);
        try {
            return read(source.order(ByteOrder.LITTLE_ENDIAN), at);
        } finally {
            source.order(order);
        }
    }

    private static FrameHeader read(ByteBuffer bytes, int at) {
        requireOurs(bytes, at);
        FrameKind kind = FrameKind.of(Byte.toUnsignedInt(bytes.get(at + AT_KIND)));
        requireZero("flags", Short.toUnsignedInt(bytes.getShort(at + AT_FLAGS)));
        requireZero("the three bytes behind the rank", bytes.getInt(at + AT_RANK) >>> Byte.SIZE);
        EdgeId edge = decodeEdge(bytes, at);
        long length = bytes.getLong(at + AT_LENGTH);
        if (kind == FrameKind.TENSOR) {
            return decodeTensor(edge, length, bytes, at);
        }
        return decodeMessage(kind, edge, length, bytes, at);
    }

    private static void requireOurs(ByteBuffer bytes, int at) {
        if (bytes.getInt(at) != MAGIC) {
            throw new FrameException(
                    Reason.MAGIC,
                    "a frame starts with KTJU (4b544a55), found "
                            + String.format("%08x", Integer.reverseBytes(bytes.getInt(at)))
                            + ": the peer does not speak this protocol");
        }
        int version = Byte.toUnsignedInt(bytes.get(at + AT_VERSION));
        if (version != FrameHeader.VERSION) {
            throw new FrameException(
                    Reason.VERSION,
                    "protocol version is " + FrameHeader.VERSION + " here, found " + version
                            + ": run the same Ketju version on all nodes");
        }
        int promised = bytes.getInt(at + AT_CRC);
        int found = Checksum.of(bytes, at, AT_CRC);
        if (promised != found) {
            throw new FrameException(
                    Reason.HEADER_CRC,
                    String.format("header CRC32C is %08x, the header's bytes give %08x", promised, found));
        }
    }

    private static EdgeId decodeEdge(ByteBuffer bytes, int at) {
        TensorKind kind = TensorKind.of(Byte.toUnsignedInt(bytes.get(at + AT_TENSOR_KIND)));
        try {
            return new EdgeId(
                    bytes.getLong(at + AT_JOB),
                    bytes.getLong(at + AT_CONFIG),
                    bytes.getInt(at + AT_INCARNATION),
                    bytes.getShort(at + AT_FROM),
                    bytes.getShort(at + AT_TO),
                    kind);
        } catch (IllegalArgumentException e) {
            throw new FrameException(Reason.EDGE, String.valueOf(e.getMessage()));
        }
    }

    private static TensorHeader decodeTensor(EdgeId edge, long length, ByteBuffer bytes, int at) {
        DType dtype = dtype(Byte.toUnsignedInt(bytes.get(at + AT_DTYPE)));
        Shape shape = decodeShape(bytes, at);
        if (length != shape.bytes()) {
            throw new FrameException(
                    Reason.LENGTH,
                    "a tensor of shape " + shape + " has " + shape.bytes() + " payload bytes, the header promises "
                            + Long.toUnsignedString(length));
        }
        try {
            FrameKey key = new FrameKey(
                    bytes.getLong(at + AT_WINDOW),
                    bytes.getInt(at + AT_MICROBATCH),
                    Short.toUnsignedInt(bytes.getShort(at + AT_EDGE)));
            return new TensorHeader(edge, key, dtype, shape);
        } catch (IllegalArgumentException e) {
            throw new FrameException(Reason.KEY, String.valueOf(e.getMessage()));
        }
    }

    private static Shape decodeShape(ByteBuffer bytes, int at) {
        int rank = Byte.toUnsignedInt(bytes.get(at + AT_RANK));
        if (rank > Shape.MAX_RANK) {
            throw new FrameException(Reason.RANK, "rank is 0 to " + Shape.MAX_RANK + ", found " + rank);
        }
        int[] dimensions = new int[rank];
        for (int i = 0; i < Shape.MAX_RANK; i++) {
            int dimension = bytes.getInt(at + AT_DIMENSIONS + i * Integer.BYTES);
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

    private static MessageHeader decodeMessage(FrameKind kind, EdgeId edge, long length, ByteBuffer bytes, int at) {
        boolean tensorFields = bytes.getLong(at + AT_WINDOW) != 0
                || bytes.getInt(at + AT_MICROBATCH) != 0
                || bytes.getShort(at + AT_EDGE) != 0
                || bytes.get(at + AT_DTYPE) != 0
                || bytes.get(at + AT_RANK) != 0;
        for (int i = 0; i < Shape.MAX_RANK; i++) {
            tensorFields |= bytes.getInt(at + AT_DIMENSIONS + i * Integer.BYTES) != 0;
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
