package io.ketju.cluster.security;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The engine of a connection that somebody has opened to this node. What fails in it ends this connection alone and is
 * logged; what it has decrypted is looked at before Pekko reads it. Who has proved who it is and asks for the status is answered here:
 * to Pekko that is a handshake that ends in a closed connection, and no message ever comes of it. Used by one thread at a time, as every
 * engine.
 */
final class GuardedEngine extends DelegatingEngine {
    private static final ByteBuffer[] NOTHING = {ByteBuffer.allocate(0)};

    private final FrameLengths lengths;
    private final Consumer<String> refusals;
    private final Supplier<byte[]> status;
    private @Nullable String othersVersion;
    private ByteBuffer @Nullable [] answer;
    private boolean answered;
    private boolean refused;
    private volatile boolean open;
    private volatile boolean closed;

    /**
     * @param refusals hears why the connection is refused, once
     * @param status what to answer to who asks for it
     */
    GuardedEngine(SSLEngine engine, FrameLengths lengths, Consumer<String> refusals, Supplier<byte[]> status) {
        super(engine);
        this.lengths = lengths;
        this.refusals = refusals;
        this.status = status;
        engine.setHandshakeApplicationProtocolSelector((same, offered) -> chosen(offered));
    }

    /** Whether whoever opened it has not proved who it is, and the connection is still there. Any thread may ask. */
    boolean isUnproved() {
        return !open && !closed;
    }

    /** Takes it for closed if it is unproved: whether it was. Any thread may call this, and end the connection. */
    boolean giveUp() {
        if (!isUnproved()) {
            return false;
        }
        closed = true;
        return true;
    }

    @Override
    public void closeInbound() throws SSLException {
        closed = true;
        engine.closeInbound();
    }

    @Override
    public void closeOutbound() {
        closed = true;
        engine.closeOutbound();
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] targets, int offset, int length) throws SSLException {
        int[] before = new int[length];
        for (int i = 0; i < length; i++) {
            before[i] = targets[offset + i].position();
        }
        try {
            SSLEngineResult result = engine.unwrap(source, targets, offset, length);
            if (result.bytesProduced() > 0) {
                requireVersion();
            }
            for (int i = 0; i < length; i++) {
                lengths.check(targets[offset + i], before[i], targets[offset + i].position());
            }
            return followed(result);
        } catch (SSLException e) {
            throw refused(e);
        }
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer target) throws SSLException {
        try {
            ByteBuffer[] own = answer;
            return own == null ? followed(engine.wrap(sources, offset, length, target)) : answer(own, target);
        } catch (SSLException e) {
            throw refused(e);
        }
    }

    @Override
    public HandshakeStatus getHandshakeStatus() {
        return answer == null || answered ? engine.getHandshakeStatus() : HandshakeStatus.NEED_WRAP;
    }

    @Override
    public boolean isInboundDone() {
        return answered || engine.isInboundDone();
    }

    @Override
    public boolean isOutboundDone() {
        return answered || engine.isOutboundDone();
    }

    /** Notices the end of the handshake; with an answer to give, there is more to write before Pekko takes it for ended. */
    private SSLEngineResult followed(SSLEngineResult result) throws SSLException {
        boolean agreed = result.getHandshakeStatus() == HandshakeStatus.FINISHED
                || (result.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING && result.bytesProduced() > 0);
        if (!agreed || answer != null) {
            return result;
        }
        open = true;
        if (!ConnectionPurpose.STATUS.protocol().equals(engine.getApplicationProtocol())) {
            return result;
        }
        answer = new ByteBuffer[] {framed()};
        return new SSLEngineResult(
                result.getStatus(), HandshakeStatus.NEED_WRAP, result.bytesConsumed(), result.bytesProduced());
    }

    private ByteBuffer framed() throws SSLException {
        byte[] bytes;
        try {
            bytes = status.get();
        } catch (RuntimeException e) {
            throw new SSLException("no status: " + e.getMessage(), e);
        }
        if (bytes.length > StatusVersion.LONGEST) {
            throw new SSLException("a status of " + bytes.length + " bytes, expected at most " + StatusVersion.LONGEST);
        }
        return ByteBuffer.allocate(Integer.BYTES + bytes.length)
                .putInt(bytes.length)
                .put(bytes)
                .flip();
    }

    private SSLEngineResult answer(ByteBuffer[] own, ByteBuffer target) throws SSLException {
        if (own[0].hasRemaining()) {
            SSLEngineResult result = engine.wrap(own, 0, 1, target);
            return new SSLEngineResult(result.getStatus(), HandshakeStatus.NEED_WRAP, 0, result.bytesProduced());
        }
        engine.closeOutbound();
        SSLEngineResult end = engine.wrap(NOTHING, 0, 1, target);
        answered = true;
        return new SSLEngineResult(Status.CLOSED, HandshakeStatus.NOT_HANDSHAKING, 0, end.bytesProduced());
    }

    private void requireVersion() throws SSLException {
        String spoken = engine.getApplicationProtocol();
        if (!ControlVersion.NAME.equals(spoken)) {
            throw new SSLException(ControlVersion.refusal("no version"));
        }
    }

    /** Null refuses the connection. */
    private @Nullable String chosen(List<String> offered) {
        for (ConnectionPurpose purpose : ConnectionPurpose.values()) {
            if (offered.contains(purpose.protocol())) {
                return purpose.protocol();
            }
        }
        othersVersion = String.join(", ", offered);
        return null;
    }

    private SSLException refused(SSLException why) {
        closed = true;
        if (!refused) {
            refused = true;
            refusals.accept(
                    othersVersion == null ? String.valueOf(why.getMessage()) : ControlVersion.refusal(othersVersion));
        }
        return why;
    }
}
