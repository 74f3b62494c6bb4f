package io.ketju.protocol.dataplane;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.ketju.protocol.frame.Checksum;
import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.FrameException;
import io.ketju.protocol.frame.FrameHeader;
import io.ketju.protocol.frame.FrameHeader.MessageHeader;
import io.ketju.protocol.frame.FrameHeader.TensorHeader;
import io.ketju.protocol.frame.FrameKind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Frames as Netty writes them. The payload of a tensor is wrapped where it lies, never copied. */
final class FrameBytes {
    /** One ByteBuffer holds less than 2 GiB, a tensor up to 8. */
    private static final long PIECE = 1L << 30;

    private FrameBytes() {}

    /** A whole frame with a small message. */
    static ByteBuf message(ByteBufAllocator allocator, FrameKind kind, EdgeId edge, MessageLite message) {
        byte[] payload = message.toByteArray();
        return header(
                        allocator,
                        new MessageHeader(kind, edge, payload.length),
                        payload.length + FrameHeader.TRAILER_BYTES)
                .writeBytes(payload)
                .writeIntLE(Checksum.of(ByteBuffer.wrap(payload)));
    }

    /** A header, with room for what is behind it. */
    private static ByteBuf header(ByteBufAllocator allocator, FrameHeader header, int room) {
        ByteBuf bytes = allocator.directBuffer(FrameHeader.BYTES + room);
        header.encode(bytes.internalNioBuffer(0, FrameHeader.BYTES));
        return bytes.writerIndex(FrameHeader.BYTES);
    }

    /**
     * Writes a tensor frame without flushing. The future is that of its last byte: until then the payload's memory must
     * stay.
     */
    static ChannelFuture writeTensor(ChannelHandlerContext ctx, TensorHeader header, MemorySegment payload) {
        // A promise without a listener of its own: its failure goes through the pipeline.
        write(ctx, header(ctx.alloc(), header, 0));
        for (long at = 0; at < payload.byteSize(); at += PIECE) {
            MemorySegment piece = payload.asSlice(at, Math.min(PIECE, payload.byteSize() - at));
            write(ctx, Unpooled.wrappedBuffer(piece.asByteBuffer()));
        }
        return ctx.write(ctx.alloc().directBuffer(FrameHeader.TRAILER_BYTES).writeIntLE(Checksum.of(payload)));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the promise tells the pipeline
    private static void write(ChannelHandlerContext ctx, ByteBuf bytes) {
        ctx.write(bytes, ctx.voidPromise());
    }

    /** The error of a message whose checksum is right and whose content is not. */
    static FrameException unreadable(FrameKind kind, InvalidProtocolBufferException why) {
        return new FrameException(
                FrameException.Reason.MESSAGE, "a " + kind + " message does not parse: " + why.getMessage());
    }
}
