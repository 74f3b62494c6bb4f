package io.ketju.protocol.dataplane;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.ketju.protocol.dataplane.DataPlaneException.Reason;
import io.ketju.protocol.dataplane.message.Goodbye;
import io.ketju.protocol.dataplane.message.Refused;
import io.ketju.protocol.frame.FrameException;
import io.ketju.protocol.frame.FrameHeader;
import io.ketju.protocol.frame.FrameHeader.MessageHeader;
import io.ketju.protocol.frame.FrameHeader.TensorHeader;
import io.ketju.protocol.frame.FrameKind;
import io.ketju.protocol.frame.FrameReader;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection: bytes to frames and back, the handshake's deadline, heartbeats, and one end with one cause. The
 * first cause wins; a side that finds one says goodbye with it, stops sending, and waits a little for the other side
 * to close, because a reset would destroy the goodbye on its way.
 */
final class FrameChannel extends ChannelInboundHandlerAdapter implements FrameReader.Sink {
    private final Session session;
    private final DataPlaneOptions.Timing timing;
    private final FrameReader reader = new FrameReader(this);
    private final Pulse pulse;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ScheduledFuture<?> timer;
    private @Nullable DataPlaneException cause;
    private boolean agreed;
    private boolean ending;
    private boolean ended;

    FrameChannel(Session session, DataPlaneOptions.Timing timing) {
        this.session = session;
        this.timing = timing;
        pulse = new Pulse(timing);
    }

    // ---- what the session asks for

    /** The handshake is over: from now on heartbeats instead of its deadline. */
    void agree() {
        agreed = true;
        cancelTimer();
        long nanos = timing.heartbeat().toNanos();
        // A fixed delay, not a rate: after a pause of this process the missed beats must not all count as silence.
        timer = context().executor().scheduleWithFixedDelay(this::beat, nanos, nanos, TimeUnit.NANOSECONDS);
    }

    /** Sends one small message at once. */
    @SuppressWarnings("FutureReturnValueIgnored") // the promise tells the pipeline
    void send(FrameKind kind, MessageLite message) {
        ChannelHandlerContext ctx = context();
        ctx.writeAndFlush(FrameBytes.message(ctx.alloc(), kind, session.edge(), message), ctx.voidPromise());
    }

    /** Tells the other side to look into the shared memory. */
    void wake() {
        if (!ending) {
            send(FrameKind.WAKE, Goodbye.getDefaultInstance());
        }
    }

    /** The Netty context, to write tensors with. */
    ChannelHandlerContext context() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("the connection does not stand yet");
        }
        return ctx;
    }

    /** Where this side of the connection is. */
    SocketAddress local() {
        return context().channel().localAddress();
    }

    /** Where the other side is. */
    SocketAddress remote() {
        return context().channel().remoteAddress();
    }

    /** What was sent and is not with the kernel yet, above Netty's low mark. */
    long unsentBytes() {
        return context().channel().bytesBeforeWritable();
    }

    boolean isEnding() {
        return ending;
    }

    /** An orderly end by this side. */
    void end() {
        end(null, FrameKind.GOODBYE, Goodbye.getDefaultInstance());
    }

    /** The other side broke a rule, or this one cannot go on: says so and ends. */
    void fail(Reason reason, String what) {
        DataPlaneException failure = exception(reason, what, null);
        end(
                failure,
                FrameKind.GOODBYE,
                Goodbye.newBuilder().setReason(shortened(what)).build());
    }

    /** Ends a handshake that this side does not want. */
    void refuse(String why) {
        DataPlaneException failure = exception(Reason.REFUSED, "refused: " + why, null);
        end(
                failure,
                FrameKind.REFUSED,
                Refused.newBuilder().setReason(shortened(why)).build());
    }

    /** Ends at once and without a word: nobody listens any more, or the end came from there. */
    void drop(@Nullable DataPlaneException failure) {
        if (begin(failure)) {
            close();
        }
    }

    DataPlaneException exception(Reason reason, String what, @Nullable Throwable why) {
        ChannelHandlerContext ctx = context;
        String remote = ctx == null ? "nobody" : String.valueOf(ctx.channel().remoteAddress());
        String message = "data plane, " + session.edge() + ", " + remote + ": " + what;
        return why == null ? new DataPlaneException(reason, message) : new DataPlaneException(reason, message, why);
    }

    // ---- the end

    private void end(@Nullable DataPlaneException failure, FrameKind kind, MessageLite last) {
        if (!begin(failure)) {
            return;
        }
        ChannelHandlerContext ctx = context();
        if (!ctx.channel().isActive() || Encryption.isPending(ctx.channel())) {
            close();
            return;
        }
        timer = ctx.executor().schedule(this::close, timing.close().toNanos(), TimeUnit.NANOSECONDS);
        ctx.writeAndFlush(FrameBytes.message(ctx.alloc(), kind, session.edge(), last))
                .addListener((ChannelFutureListener) written -> {
                    ChannelFuture said = Encryption.sayEnd(written.channel());
                    if (said == null) {
                        endOutput(written);
                    } else {
                        said.addListener((ChannelFutureListener) this::endOutput);
                    }
                });
    }

    private void endOutput(ChannelFuture written) {
        if (written.channel() instanceof DuplexChannel duplex && written.isSuccess()) {
            duplex.shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        } else {
            close();
        }
    }

    private boolean begin(@Nullable DataPlaneException failure) {
        if (ending) {
            return false;
        }
        ending = true;
        cause = failure;
        reader.stop();
        cancelTimer();
        return true;
    }

    private void close() {
        ChannelHandlerContext ctx = context();
        ctx.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }

    private void cancelTimer() {
        ScheduledFuture<?> running = timer;
        if (running != null) {
            running.cancel(false);
            timer = null;
        }
    }

    // ---- time

    private void beat() {
        if (pulse.beat()) {
            drop(exception(Reason.SILENCE, pulse.silence(), null));
            return;
        }
        // What waits to be read there is a sign of life itself; and who reads nothing gets no memory filled.
        if (context().channel().isWritable()) {
            send(FrameKind.HEARTBEAT, Goodbye.getDefaultInstance());
        }
    }

    private void handshakeLate() {
        if (!agreed) {
            String what = "no complete handshake within " + millis(timing.handshake());
            end(
                    exception(Reason.HANDSHAKE_TIMEOUT, what, null),
                    FrameKind.REFUSED,
                    Refused.newBuilder().setReason(what).build());
        }
    }

    // ---- what Netty tells

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        timer = ctx.executor().schedule(this::handshakeLate, timing.handshake().toNanos(), TimeUnit.NANOSECONDS);
        session.opened(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object received) {
        pulse.bytes(((ByteBuf) received).readableBytes());
        try {
            if (!ending) {
                reader.read(view((ByteBuf) received));
            }
        } catch (RuntimeException e) {
            failed(e);
        } finally {
            ReferenceCountUtil.release(received);
        }
    }

    /** The bytes that came: the buffer's own view of them where it has one, as nobody else reads it meanwhile. */
    private static ByteBuffer view(ByteBuf bytes) {
        return bytes.nioBufferCount() == 1
                ? bytes.internalNioBuffer(bytes.readerIndex(), bytes.readableBytes())
                : bytes.nioBuffer();
    }

    /** What came is broken ({@link FrameException}), or this side failed to take it; ends with that. */
    void failed(RuntimeException e) {
        if (e instanceof FrameException broken) {
            broken(broken);
            return;
        }
        // A fault of the receiver, not of the peer: the cause keeps its stack, the peer gets one line.
        String what = "the receiver failed: " + e;
        end(
                exception(Reason.RECEIVER, what, e),
                FrameKind.GOODBYE,
                Goodbye.newBuilder().setReason(shortened(what)).build());
    }

    private void broken(FrameException e) {
        String what = String.valueOf(e.getMessage());
        if (!agreed) {
            refuse(what);
            return;
        }
        switch (e.reason()) {
            case HEADER_CRC, PAYLOAD_CRC -> fail(Reason.CORRUPT, what);
            default -> fail(Reason.PROTOCOL, what);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable thrown) {
        broke(thrown);
    }

    /** The socket reported an error. That it is closed is none: how it came to be closed is told apart. */
    void broke(Throwable thrown) {
        if (thrown instanceof ClosedChannelException) {
            return;
        }
        drop(Encryption.refusal(thrown)
                .map(what -> exception(Reason.UNTRUSTED, what, thrown))
                .orElseGet(() -> exception(Reason.RESET, "the connection broke: " + thrown.getMessage(), thrown)));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent done && done.cause() != null) {
            broke(done.cause());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        begin(exception(Reason.END_OF_STREAM, "the other side ended without a goodbye, " + reader.position(), null));
        cancelTimer();
        if (!ended) {
            ended = true;
            session.ended(Optional.ofNullable(cause));
        }
    }

    // ---- what the reader tells

    @Override
    public void header(FrameHeader header) {
        FrameKind kind = header.kind();
        boolean bare = kind == FrameKind.HEARTBEAT || kind == FrameKind.WAKE;
        if (bare && header.payloadBytes() != 0) {
            throw new FrameException(FrameException.Reason.LENGTH, "a " + kind + " frame has no payload");
        }
        if (bare) {
            pulse.bare();
        }
        session.header(header);
    }

    @Override
    public MemorySegment payload(TensorHeader header) {
        return session.payload(header);
    }

    @Override
    public void tensor(TensorHeader header) {
        pulse.frame();
        session.tensor(header);
    }

    @Override
    public void message(MessageHeader header, ByteBuffer payload) {
        pulse.frame();
        switch (header.kind()) {
            case HEARTBEAT -> {}
            case GOODBYE -> goodbye(parseGoodbye(payload).getReason());
            case HELLO, CHALLENGE, PROOF, WELCOME, SHARED, REFUSED, CREDIT, WAKE -> session.message(header, payload);
            case TENSOR -> throw new IllegalStateException("a tensor frame is no message");
        }
    }

    private void goodbye(String reason) {
        drop(reason.isEmpty() ? null : exception(Reason.PEER, "the other side ended: " + reason, null));
    }

    private static Goodbye parseGoodbye(ByteBuffer payload) {
        try {
            return Goodbye.parseFrom(ByteString.copyFrom(payload));
        } catch (InvalidProtocolBufferException e) {
            throw FrameBytes.unreadable(FrameKind.GOODBYE, e);
        }
    }

    private static String millis(Duration duration) {
        return duration.toMillis() + " ms";
    }

    /** A reason that fits its frame with all the other bytes, whatever the characters. */
    private static String shortened(String reason) {
        int most = FrameHeader.MAX_MESSAGE_BYTES / 4;
        return reason.length() <= most ? reason : reason.substring(0, most - 1) + "…";
    }
}
